// Reads pcapng files (draft-ietf-opsawg-pcapng): sections of either byte order, any number of interfaces with their own time
// resolutions and offsets; enhanced, simple and obsolete packet blocks. Other blocks are passed over.
import type { CaptureContents, CaptureRecord } from './capture-contents.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Type, length and length again. */
const BLOCK_OVERHEAD = 12;
const OPTION_END = 0;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;

interface Interface {
  readonly linkType: number;
  /** 0: no limit. */
  readonly snaplen: number;
  /** Units a second. */
  readonly resolution: number;
  /** Seconds to add to each time. */
  readonly offset: number;
}

export function isPcapng(bytes: Uint8Array): boolean {
  if (bytes.length < 12) return false;
  const view = viewOf(bytes);
  if (view.getUint32(0) !== SECTION_HEADER) return false;
  return [true, false].some((little) => view.getUint32(8, little) === BYTE_ORDER_MAGIC);
}

/** Every packet up to where the file was cut off or damaged. Nothing when it is no pcapng file. */
export function readPcapng(bytes: Uint8Array): CaptureContents {
  const view = viewOf(bytes);
  const records: CaptureRecord[] = [];
  let interfaces: Interface[] = [];
  let little = true;
  let at = 0;
  while (at < bytes.length) {
    if (at + BLOCK_OVERHEAD > bytes.length) return damaged(records, at, 'ends within a block');
    const isSection = view.getUint32(at) === SECTION_HEADER;
    if (isSection) {
      little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
      if (!little && view.getUint32(at + 8) !== BYTE_ORDER_MAGIC)
        return damaged(records, at, 'has a section of no known byte order');
      interfaces = [];
    }
    const length = view.getUint32(at + 4, little);
    if (length < BLOCK_OVERHEAD || length % 4 !== 0)
      return damaged(records, at, `has a block of ${length} bytes`);
    if (at + length > bytes.length) return damaged(records, at, 'ends within a block');
    const body = bytes.subarray(at + 8, at + length - 4);
    const type = view.getUint32(at, little);
    if (type === INTERFACE_DESCRIPTION && body.length >= 8)
      interfaces.push(readInterface(body, little));
    const record = isSection ? null : readPacket(type, body, little, interfaces);
    if (record === 'damaged') return damaged(records, at, 'has a block that contradicts itself');
    if (record !== null) records.push({ ...record, frame: records.length + 1 });
    at += length;
  }
  return { records, damage: null };
}

const damaged = (records: readonly CaptureRecord[], at: number, what: string): CaptureContents => ({
  records,
  damage: `The file ${what} at byte ${at}, after packet ${records.length}`,
});

function readInterface(body: Uint8Array, little: boolean): Interface {
  const view = viewOf(body);
  let resolution = 1e6;
  let offset = 0;
  for (let at = 8; at + 4 <= body.length;) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === OPTION_END || at + 4 + length > body.length) break;
    if (code === IF_TSRESOL && length === 1) resolution = resolutionOf(view.getUint8(at + 4));
    if (code === IF_TSOFFSET && length === 8) offset = Number(view.getBigInt64(at + 4, little));
    at += 4 + ((length + 3) & ~3);
  }
  return {
    linkType: view.getUint16(0, little),
    snaplen: view.getUint32(4, little),
    resolution,
    offset,
  };
}

/** The top bit chooses between powers of ten and of two. */
const resolutionOf = (value: number): number =>
  (value & 0x80) === 0 ? 10 ** value : 2 ** (value & 0x7f);

function readPacket(
  type: number,
  body: Uint8Array,
  little: boolean,
  interfaces: readonly Interface[],
): CaptureRecord | 'damaged' | null {
  switch (type) {
    case ENHANCED_PACKET:
    case OBSOLETE_PACKET:
      return readTimedPacket(type, body, little, interfaces);
    case SIMPLE_PACKET:
      return readSimplePacket(body, little, interfaces[0]);
    default:
      return null;
  }
}

/** The obsolete block differs in that a drop count shares the word of the interface. */
function readTimedPacket(
  type: number,
  body: Uint8Array,
  little: boolean,
  interfaces: readonly Interface[],
): CaptureRecord | 'damaged' {
  if (body.length < 20) return 'damaged';
  const view = viewOf(body);
  const source =
    interfaces[type === ENHANCED_PACKET ? view.getUint32(0, little) : view.getUint16(0, little)];
  const captured = view.getUint32(12, little);
  if (source === undefined || captured > body.length - 20) return 'damaged';
  return {
    frame: 0,
    time: timeOf(source, view.getUint32(4, little), view.getUint32(8, little)),
    length: view.getUint32(16, little),
    data: body.subarray(20, 20 + captured),
    linkType: source.linkType,
  };
}

/** It has no time: 0. */
function readSimplePacket(
  body: Uint8Array,
  little: boolean,
  source: Interface | undefined,
): CaptureRecord | 'damaged' {
  if (source === undefined || body.length < 4) return 'damaged';
  const length = viewOf(body).getUint32(0, little);
  const limit = source.snaplen === 0 ? length : Math.min(length, source.snaplen);
  return {
    frame: 0,
    time: 0,
    length,
    data: body.subarray(4, 4 + limit),
    linkType: source.linkType,
  };
}

/** Microseconds since the epoch. Whole seconds and the rest apart, since a double counts no nanoseconds since 1970. */
function timeOf({ resolution, offset }: Interface, high: number, low: number): number {
  const units = (BigInt(high) << 32n) | BigInt(low);
  if (!Number.isSafeInteger(resolution)) return Number(units) * (1e6 / resolution) + offset * 1e6;
  const perSecond = BigInt(resolution);
  const rest = (Number(units % perSecond) * 1e6) / resolution;
  return (Number(units / perSecond) + offset) * 1e6 + rest;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
