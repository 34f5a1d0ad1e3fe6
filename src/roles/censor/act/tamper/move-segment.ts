import { readU32, writeU32 } from '../../../../wire/bytes.ts';
import type { PacketView } from '../../../../wire/packet.ts';
import { TCP, sequenceDistance } from '../../../../wire/tcp.ts';
import { TCP_OPTION } from '../../../../wire/tcp-options.ts';
import type { StreamEdits } from './stream-edits.ts';
import { visitOptions } from './visit-options.ts';

/** Bytes of one SACK block (RFC 2018 section 3). */
const BLOCK = 8;

/** Where a segment belongs in the streams that its two ends see. */
export interface Place {
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  /** The stream that the segment acknowledges. */
  readonly peer: StreamEdits;
}

/** Writes numbers and flags into the segment that `view` has loaded, in its memory. Checksums are left as they are. */
export function moveSegment(view: PacketView, place: Place): void {
  const { memory, transportStart } = view;
  writeU32(memory, transportStart + TCP.sequence, place.sequence);
  writeU32(memory, transportStart + TCP.acknowledgment, place.acknowledgment);
  memory[transportStart + TCP.flags] = place.flags;
  if (!place.peer.isShifted) return;
  visitOptions(view, (kind, at, length) => {
    if (kind === TCP_OPTION.sack) moveBlocks(memory, at + 2, at + length, place.peer);
  });
}

/** A block never says more than the receiver has; one that is left empty says nothing new. */
function moveBlocks(memory: Uint8Array, start: number, end: number, peer: StreamEdits): void {
  for (let at = start; at + BLOCK <= end; at += BLOCK) {
    const left = peer.toSender(readU32(memory, at), true);
    const right = peer.toSender(readU32(memory, at + 4));
    writeU32(memory, at, sequenceDistance(right, left) > 0 ? left : right);
    writeU32(memory, at + 4, right);
  }
}
