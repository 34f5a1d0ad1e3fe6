// The options of what the stack sends by itself, in Linux's order and alignment.
import {
  type SackBlock,
  type TcpOptionSpec,
  type TcpOptionValues,
  type TcpTimestamps,
  emitTcpOptions,
} from '../../../wire/tcp-options.ts';
import type { TcpSettings } from './settings.ts';

/** "The maximum scale exponent is limited to 14" (RFC 7323 section 2.3). */
export const LARGEST_SHIFT = 14;
/** Beside timestamps there is room for three (RFC 2018 section 3). */
const MOST_BLOCKS = 3;
const NO_OPERATION: TcpOptionSpec = { kind: 'no-operation' };

/** Of a SYN; of a SYN+ACK when the peer's offer is given, beyond which it does not go. */
export function openingOptions(
  settings: TcpSettings,
  peer: TcpOptionValues | null,
  timestamps: TcpTimestamps,
): Uint8Array {
  const options: TcpOptionSpec[] = [
    { kind: 'maximum-segment-size', size: settings.maximumSegmentSize },
  ];
  if (settings.sackPermitted && (peer?.sackPermitted ?? true))
    options.push({ kind: 'sack-permitted' });
  if (settings.timestamps && peer?.timestamps !== null)
    options.push({ kind: 'timestamps', ...timestamps });
  if (settings.windowScale && peer?.windowScale !== null)
    options.push(NO_OPERATION, { kind: 'window-scale', shift: scaleFor(settings.receiveBuffer) });
  return emitTcpOptions(options);
}

/** Of every other segment. */
export function segmentOptions(
  timestamps: TcpTimestamps | null,
  blocks: readonly SackBlock[],
): Uint8Array {
  const options: TcpOptionSpec[] = [];
  if (timestamps !== null)
    options.push(NO_OPERATION, NO_OPERATION, { kind: 'timestamps', ...timestamps });
  if (blocks.length > 0)
    options.push(NO_OPERATION, NO_OPERATION, {
      kind: 'sack',
      blocks: blocks.slice(0, MOST_BLOCKS),
    });
  return emitTcpOptions(options);
}

/** The smallest shift by which a window of so many bytes fits into its field. */
export function scaleFor(bytes: number): number {
  let shift = 0;
  while (shift < LARGEST_SHIFT && bytes >>> shift > 0xffff) shift += 1;
  return shift;
}
