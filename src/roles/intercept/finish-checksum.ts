import { foldChecksum, internetChecksum, pseudoHeaderSum } from '../../wire/checksum.ts';
import { readU16, writeU16 } from '../../wire/bytes.ts';
import type { PacketView } from '../../wire/packet.ts';
import { TCP } from '../../wire/tcp.ts';

/**
 * Completes the checksum of a TCP segment that a sending kernel left to its hardware, as on networks with offloads: the field then holds
 * what the pseudo header sums to. A checksum that is right stays as it is.
 */
export function finishChecksum(view: PacketView): void {
  const { memory, transportStart, payloadEnd, addressLength, protocol } = view;
  const { sourceOffset, destinationOffset } = view;
  const length = payloadEnd - transportStart;
  const sum = pseudoHeaderSum(
    memory,
    sourceOffset,
    destinationOffset,
    addressLength,
    protocol,
    length,
  );
  const at = transportStart + TCP.checksum;
  if (readU16(memory, at) !== (~foldChecksum(sum) & 0xffff)) return;
  writeU16(memory, at, internetChecksum(memory, transportStart, payloadEnd));
}
