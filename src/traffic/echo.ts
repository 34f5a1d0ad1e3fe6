// The payload of echo probes: every byte tells its place, so that loss, repetition and tampering inside a stream show.

const BLOCK_SIZE = 65_536;

/** The byte at `offset` of the payload. Differs between neighbours and between offsets 256 apart. */
const echoByte = (offset: number): number => (offset + (offset >>> 8)) & 0xff;

/** The payload from offset `from` up to `to`. */
export function echoPayload(from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = echoByte(from + index);
  return bytes;
}

/** A payload of `size` bytes in blocks. */
export function* echoBlocks(size: number): Generator<Uint8Array> {
  for (let from = 0; from < size; from += BLOCK_SIZE)
    yield echoPayload(from, Math.min(size, from + BLOCK_SIZE));
}

/** The offset of the first byte of `bytes`, which stand at `start` of the payload, that is not the payload's. */
export function findEchoDifference(bytes: Uint8Array, start: number): number | undefined {
  for (let index = 0; index < bytes.length; index += 1)
    if (bytes[index] !== echoByte(start + index)) return start + index;
  return undefined;
}
