// The frames by which links are measured. Their EtherType is one that no protocol has: IEEE 802 Local Experimental 1.
import { readU16, readU32, writeU16, writeU32 } from '../../../wire/bytes.ts';
import { sumWords, foldChecksum } from '../../../wire/checksum.ts';

export const ETHERTYPE_PROBE = 0x88b5;
/** The shortest frame without its FCS (IEEE 802.3). */
export const SHORTEST_PROBE = 60;
const ETHER_TYPE = 12;
const FIELD = { magic: 14, sequence: 18, seconds: 22, micros: 26, checksum: 30, end: 32 } as const;
const MAGIC = 0x6e73_6c6b;

/** Writes a probe of `length` bytes at `start`, sent at `time` (microseconds since the epoch). */
export function writeProbe(
  memory: Uint8Array,
  start: number,
  length: number,
  addresses: { readonly destination: Uint8Array; readonly source: Uint8Array },
  sequence: number,
  time: number,
): void {
  memory.fill(0, start, start + length);
  memory.set(addresses.destination, start);
  memory.set(addresses.source, start + 6);
  writeU16(memory, start + ETHER_TYPE, ETHERTYPE_PROBE);
  writeU32(memory, start + FIELD.magic, MAGIC);
  writeU32(memory, start + FIELD.sequence, sequence);
  writeU32(memory, start + FIELD.seconds, Math.floor(time / 1e6));
  writeU32(memory, start + FIELD.micros, Math.round(time % 1e6));
  writeU16(memory, start + FIELD.checksum, checksumOf(memory, start));
}

export type Probe =
  | { readonly kind: 'probe'; readonly sequence: number; readonly sent: number }
  /** One of ours, of which bits were changed on the way. */
  | { readonly kind: 'damaged' };

/** The probe in the frame from `start` to `end`, or undefined when it is another's. */
export function readProbe(memory: Uint8Array, start: number, end: number): Probe | undefined {
  if (end - start < SHORTEST_PROBE) return undefined;
  const isNamed = readU16(memory, start + ETHER_TYPE) === ETHERTYPE_PROBE;
  const isOurs = readU32(memory, start + FIELD.magic) === MAGIC;
  if (!isNamed && !isOurs) return undefined;
  const isWhole = readU16(memory, start + FIELD.checksum) === checksumOf(memory, start);
  if (!isNamed || !isOurs || !isWhole) return { kind: 'damaged' };
  return {
    kind: 'probe',
    sequence: readU32(memory, start + FIELD.sequence),
    sent: readU32(memory, start + FIELD.seconds) * 1e6 + readU32(memory, start + FIELD.micros),
  };
}

const checksumOf = (memory: Uint8Array, start: number): number =>
  foldChecksum(sumWords(memory, start + FIELD.magic, start + FIELD.checksum));
