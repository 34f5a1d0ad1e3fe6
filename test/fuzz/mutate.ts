// Damage of every kind to packets, and to their order.
import type { Random } from '../../src/base/random.ts';
import { concatBytes, writeU16 } from '../../src/wire/bytes.ts';
import { PacketView } from '../../src/wire/packet.ts';
import { repairChecksums } from '../../src/wire/rewrite.ts';
import { pick } from './corpus.ts';

const view = new PacketView();
const EXTREMES = [0, 1, 0x7f, 0x80, 0xfe, 0xff] as const;

/** The same packet, damaged in none to a few places. Often its length and checksums are put right, so that the damage is read. */
export function mutate(random: Random, packet: Uint8Array): Uint8Array {
  let bytes: Uint8Array = packet.slice();
  const times = pick(random, [0, 1, 1, 2, 3, 8]);
  for (let round = 0; round < times; round += 1) bytes = damage(random, bytes);
  if (random.below(4) > 0) repair(bytes);
  return bytes;
}

/** A list of packets with some lost, doubled or moved. */
export function shuffle(random: Random, packets: readonly Uint8Array[]): Uint8Array[] {
  const result = packets.flatMap((packet) => {
    const copies = pick(random, [0, 1, 1, 1, 1, 1, 1, 2]);
    return Array.from({ length: copies }, () => packet);
  });
  for (let round = random.below(3); round > 0 && result.length > 1; round -= 1) {
    const [moved] = result.splice(random.below(result.length), 1);
    if (moved) result.splice(random.below(result.length + 1), 0, moved);
  }
  return result;
}

function damage(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return random.bytes(1 + random.below(80));
  const at = placeIn(random, bytes);
  switch (random.below(7)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 1:
      bytes[at] = pick(random, EXTREMES);
      return bytes;
    case 2:
      bytes[at] = random.below(256);
      return bytes;
    case 3:
      writeU16(bytes, Math.min(at, Math.max(0, bytes.length - 2)), random.below(65_536));
      return bytes;
    case 4:
      return bytes.slice(0, at);
    case 5:
      return concatBytes(
        bytes.subarray(0, at),
        random.bytes(1 + random.below(64)),
        bytes.subarray(at),
      );
    default:
      return concatBytes(
        bytes.subarray(0, at),
        bytes.subarray(Math.min(bytes.length, at + 1 + random.below(16))),
      );
  }
}

/** More often in the payload, where most of the readers look. */
function placeIn(random: Random, bytes: Uint8Array): number {
  const hasPayload = view.load(bytes, 0, bytes.length) && view.payloadEnd > view.payloadStart;
  return hasPayload && random.below(3) > 0
    ? view.payloadStart + random.below(Math.min(200, view.payloadEnd - view.payloadStart))
    : random.below(bytes.length);
}

function repair(bytes: Uint8Array): void {
  const version = (bytes[0] ?? 0) >>> 4;
  if (version === 4 && bytes.length >= 20) writeU16(bytes, 2, bytes.length);
  if (version === 6 && bytes.length >= 40) writeU16(bytes, 4, bytes.length - 40);
  if (view.load(bytes, 0, bytes.length)) repairChecksums(view);
}
