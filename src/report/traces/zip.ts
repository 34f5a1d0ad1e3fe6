// ZIP archives (PKWARE's APPNOTE) of files that are stored as they are: what NumPy's `savez` writes.

export interface ZipEntry {
  /** ASCII. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const VERSION = 20;
/** 1 January 1980, the first day that it knows: the same contents make the same archive. */
const DATE = 0x21;

/** Archives of 4 GiB and more need another form, which this does not write. */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array {
  const stored = entries.map(({ name, bytes }) => ({
    name: Array.from(name, (letter) => letter.charCodeAt(0)),
    bytes,
    crc: crc32(bytes),
  }));
  const sum = (pick: (entry: (typeof stored)[number]) => number): number =>
    stored.reduce((total, entry) => total + pick(entry), 0);
  const central = sum(({ name, bytes }) => LOCAL_SIZE + name.length + bytes.length);
  const centralSize = sum(({ name }) => CENTRAL_SIZE + name.length);
  const archive = new Uint8Array(central + centralSize + END_SIZE);
  const view = new DataView(archive.buffer);
  let [at, centralAt] = [0, central];
  for (const { name, bytes, crc } of stored) {
    const local = at;
    view.setUint32(at, 0x04034b50, true);
    writeCommon(view, at + 4, { crc, size: bytes.length, name: name.length });
    archive.set(name, at + LOCAL_SIZE);
    archive.set(bytes, at + LOCAL_SIZE + name.length);
    at += LOCAL_SIZE + name.length + bytes.length;
    view.setUint32(centralAt, 0x02014b50, true);
    view.setUint16(centralAt + 4, VERSION, true);
    writeCommon(view, centralAt + 6, { crc, size: bytes.length, name: name.length });
    view.setUint32(centralAt + 42, local, true);
    archive.set(name, centralAt + CENTRAL_SIZE);
    centralAt += CENTRAL_SIZE + name.length;
  }
  view.setUint32(centralAt, 0x06054b50, true);
  view.setUint16(centralAt + 8, stored.length, true);
  view.setUint16(centralAt + 10, stored.length, true);
  view.setUint32(centralAt + 12, centralSize, true);
  view.setUint32(centralAt + 16, central, true);
  return archive;
}

/** What both headers of an entry have: version, flags, method (0: stored), time, date, checksum, sizes, length of the name. */
function writeCommon(
  view: DataView,
  at: number,
  { crc, size, name }: { readonly crc: number; readonly size: number; readonly name: number },
): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, name, true);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1 ? 0xedb88320 : 0) ^ (crc >>> 1);
  return crc;
});

/** ISO 3309's, as Ethernet has it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}
