// NumPy's array files (NEP 1), version 1.0: little-endian, rows first.

/** `<f8`, `<i4`, `<i8`, or text of so many characters. */
export type ArrayType = '<f8' | '<i4' | '<i8' | `<U${number}`;

const MAGIC = [0x93, ...Array.from('NUMPY', (letter) => letter.charCodeAt(0)), 1, 0];
/** Where the contents begin is a multiple of it. */
const ALIGNMENT = 64;

/** An array of numbers of one type; `shape` has one number a dimension. */
export function writeNpy(
  type: '<f8' | '<i4' | '<i8',
  shape: readonly number[],
  values: readonly number[],
): Uint8Array {
  const width = type === '<i4' ? 4 : 8;
  const { file, at } = begin(type, shape, values.length * width);
  const view = new DataView(file.buffer);
  for (const [index, value] of values.entries()) {
    const place = at + index * width;
    if (type === '<f8') view.setFloat64(place, value, true);
    else if (type === '<i4') view.setInt32(place, value, true);
    else view.setBigInt64(place, BigInt(value), true);
  }
  return file;
}

/** A list of texts. */
export function writeNpyTexts(texts: readonly string[]): Uint8Array {
  const points = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0));
  const longest = points.reduce((most, { length }) => Math.max(most, length), 1);
  const { file, at } = begin(`<U${longest}`, [texts.length], texts.length * longest * 4);
  const view = new DataView(file.buffer);
  for (const [row, letters] of points.entries())
    for (const [column, point] of letters.entries())
      view.setUint32(at + (row * longest + column) * 4, point, true);
  return file;
}

function begin(
  type: ArrayType,
  shape: readonly number[],
  size: number,
): { readonly file: Uint8Array<ArrayBuffer>; readonly at: number } {
  const dimensions = shape.map((length) => `${length},`).join(' ');
  const words = `{'descr': '${type}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const bare = MAGIC.length + 2 + words.length + 1;
  const at = Math.ceil(bare / ALIGNMENT) * ALIGNMENT;
  const text = `${words}${' '.repeat(at - bare)}\n`;
  const file = new Uint8Array(at + size);
  file.set(MAGIC);
  new DataView(file.buffer).setUint16(MAGIC.length, text.length, true);
  file.set(
    Array.from(text, (letter) => letter.charCodeAt(0)),
    MAGIC.length + 2,
  );
  return { file, at };
}
