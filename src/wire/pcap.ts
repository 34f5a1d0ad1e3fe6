// Classic pcap files (draft-ietf-opsawg-pcap): reads both byte orders and both time resolutions, writes little-endian
// microseconds. It knows frames as bytes only; what they mean is decode.ts's business.

/** Link-layer header types (tcpdump.org/linktypes) by libpcap's names. */
export const LINKTYPE = {
  LINKTYPE_NULL: 0,
  LINKTYPE_ETHERNET: 1,
  LINKTYPE_RAW: 101,
  LINKTYPE_LINUX_SLL: 113,
} as const;

export const PCAP_HEADER_SIZE = 24;
export const PCAP_RECORD_HEADER_SIZE = 16;

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
/** Longer records are taken for damage, as libpcap does (MAXIMUM_SNAPLEN is 262144; some writers go beyond). */
export const MAXIMUM_RECORD = 0x100_0000;

export interface PcapFileHeader {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
  readonly snaplen: number;
  readonly linkType: number;
}

export interface PcapPacket {
  /** From 1, as Wireshark counts. */
  readonly frame: number;
  /** Microseconds since the epoch; has a fraction in files of nanoseconds. */
  readonly time: number;
  /** Bytes on the wire; more than `data` holds when the snapshot length cut it. */
  readonly length: number;
  /** A view into the file's bytes. */
  readonly data: Uint8Array;
}

/** The file header, or null when these bytes begin no pcap file. */
export function readPcapHeader(bytes: Uint8Array): PcapFileHeader | null {
  if (bytes.length < PCAP_HEADER_SIZE) return null;
  const view = viewOf(bytes);
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic !== MAGIC_MICROSECONDS && magic !== MAGIC_NANOSECONDS) continue;
    return {
      littleEndian,
      nanoseconds: magic === MAGIC_NANOSECONDS,
      snaplen: view.getUint32(16, littleEndian),
      // The upper bits say whether and how long a frame check sequence follows each frame.
      linkType: view.getUint32(20, littleEndian) & 0x0fff_ffff,
    };
  }
  return null;
}

/** Every whole record; ends without complaint where the file was cut off or damaged. Nothing when it is no pcap file. */
export function* readPcap(bytes: Uint8Array): Generator<PcapPacket, void, undefined> {
  const header = readPcapHeader(bytes);
  if (!header) return;
  const { littleEndian } = header;
  const divisor = header.nanoseconds ? 1000 : 1;
  const view = viewOf(bytes);
  let frame = 1;
  for (let at = PCAP_HEADER_SIZE; at + PCAP_RECORD_HEADER_SIZE <= bytes.length; frame += 1) {
    const seconds = view.getUint32(at, littleEndian);
    const fraction = view.getUint32(at + 4, littleEndian);
    const captured = view.getUint32(at + 8, littleEndian);
    const length = view.getUint32(at + 12, littleEndian);
    const start = at + PCAP_RECORD_HEADER_SIZE;
    if (captured > MAXIMUM_RECORD || start + captured > bytes.length) return;
    yield {
      frame,
      time: seconds * 1e6 + fraction / divisor,
      length,
      data: bytes.subarray(start, start + captured),
    };
    at = start + captured;
  }
}

export function writePcapHeader(
  linkType: number = LINKTYPE.LINKTYPE_ETHERNET,
  snaplen = 262_144,
): Uint8Array {
  const bytes = new Uint8Array(PCAP_HEADER_SIZE);
  const view = viewOf(bytes);
  view.setUint32(0, MAGIC_MICROSECONDS, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snaplen, true);
  view.setUint32(20, linkType, true);
  return bytes;
}

/** One record: `time` in microseconds since the epoch, whole; `length` as on the wire when `data` is only its start. */
export function encodePcapRecord(
  time: number,
  data: Uint8Array,
  length: number = data.length,
): Uint8Array {
  const bytes = new Uint8Array(PCAP_RECORD_HEADER_SIZE + data.length);
  const view = viewOf(bytes);
  const whole = Math.floor(time);
  view.setUint32(0, Math.floor(whole / 1e6), true);
  view.setUint32(4, whole % 1e6, true);
  view.setUint32(8, data.length, true);
  view.setUint32(12, length, true);
  bytes.set(data, PCAP_RECORD_HEADER_SIZE);
  return bytes;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
