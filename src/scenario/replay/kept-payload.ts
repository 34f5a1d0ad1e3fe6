import { type Result, fail, ok } from '../../base/result.ts';
import type { ReplayPayload } from './replay-script.ts';

/** The bytes of a packet as far as the capture kept them, of `length` on the wire; random ones in their place when `fill`ed. */
export function keptPayload(
  bytes: Uint8Array,
  length: number,
  frame: number,
  fill: boolean,
): Result<ReplayPayload, string> {
  if (bytes.length >= length) return ok({ kind: 'bytes', bytes });
  if (fill) return ok({ kind: 'random', size: length });
  return fail(
    `Packet ${frame} was cut by the snapshot length: ${length - bytes.length} of its ${length} bytes are missing`,
  );
}
