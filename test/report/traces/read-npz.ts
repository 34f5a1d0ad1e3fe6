// Reads what NumPy's `savez` and ours write: stored archives of arrays, by the central directory and each array's own header.

export interface ReadArray {
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}

export function readNpz(content: string | Uint8Array | undefined): Record<string, ReadArray> {
  if (!(content instanceof Uint8Array)) throw new Error('Expected bytes');
  const bytes = Buffer.from(content);
  const end = bytes.length - 22;
  if (bytes.readUInt32LE(end) !== 0x06054b50) throw new Error('Expected the end of an archive');
  const arrays: Record<string, ReadArray> = {};
  let at = bytes.readUInt32LE(end + 16);
  for (let entry = 0; entry < bytes.readUInt16LE(end + 10); entry += 1) {
    const size = bytes.readUInt32LE(at + 24);
    const nameLength = bytes.readUInt16LE(at + 28);
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('latin1', at + 46, at + 46 + nameLength);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    arrays[name.replace(/\.npy$/, '')] = readNpy(bytes.subarray(start, start + size));
    at += 46 + nameLength;
  }
  return arrays;
}

function readNpy(bytes: Buffer): ReadArray {
  if (bytes.toString('latin1', 0, 6) !== '\u0093NUMPY') throw new Error('Expected an array');
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + length);
  if ((10 + length) % 64 !== 0 || !header.endsWith('\n')) throw new Error('Expected alignment');
  const [, type = '', dimensions = ''] =
    /^\{'descr': '([^']+)', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n$/.exec(header) ??
    [];
  const shape = dimensions
    .split(',')
    .filter((word) => word.trim() !== '')
    .map(Number);
  const data = bytes.subarray(10 + length);
  const width = type.startsWith('<U') ? Number(type.slice(2)) * 4 : Number(type.slice(2));
  const count = shape.reduce((product, size) => product * size, 1);
  if (data.length !== count * width) throw new Error(`Expected ${count * width} bytes of ${type}`);
  const read = (at: number): number | string => {
    if (type === '<f8') return data.readDoubleLE(at);
    if (type === '<i4') return data.readInt32LE(at);
    if (type === '<i8') return Number(data.readBigInt64LE(at));
    const points = Array.from({ length: width / 4 }, (_, index) =>
      data.readUInt32LE(at + index * 4),
    );
    return String.fromCodePoint(...points.filter((point) => point !== 0));
  };
  return { shape, values: Array.from({ length: count }, (_, index) => read(index * width)) };
}
