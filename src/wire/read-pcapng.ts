// Reads pcapng files (draft-ietf-opsawg-pcapng): sections of either byte order, any number of interfaces with their own time
// resolutions and offsets; enhanced, simple and obsolete packet blocks. Other blocks are passed over.
import type { CaptureContents, CaptureRecord } from './capture-contents.ts';
import { type RecordFormat, type RecordPlace, newPlace } from './capture-format.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Type, length and length again. */
const BLOCK_OVERHEAD = 12;
/** Longer blocks are taken for damage. */
const MAXIMUM_BLOCK = 0x400_0000;
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

/** The blocks of a pcapng file. */
export class PcapngBlocks implements RecordFormat {
  #interfaces: Interface[] = [];
  #little = true;

  take(view: DataView, at: number, end: number, place: RecordPlace): number | string {
    if (at + BLOCK_OVERHEAD > end) return 0;
    place.isPacket = false;
    const isSection = view.getUint32(at) === SECTION_HEADER;
    if (isSection) {
      this.#little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
      if (!this.#little && view.getUint32(at + 8) !== BYTE_ORDER_MAGIC)
        return 'has a section of no known byte order';
      this.#interfaces = [];
    }
    const little = this.#little;
    const length = view.getUint32(at + 4, little);
    if (length < BLOCK_OVERHEAD || length % 4 !== 0 || length > MAXIMUM_BLOCK)
      return `has a block of ${length} bytes`;
    if (at + length > end) return 0;
    const type = view.getUint32(at, little);
    const isSound = isSection || this.#readBlock(type, view, at + 8, at + length - 4, place);
    return isSound ? length : 'has a block that contradicts itself';
  }

  /** Whether what it says of itself can be. */
  #readBlock(type: number, view: DataView, at: number, end: number, place: RecordPlace): boolean {
    switch (type) {
      case INTERFACE_DESCRIPTION:
        if (end - at >= 8) this.#interfaces.push(readInterface(view, at, end, this.#little));
        return true;
      case ENHANCED_PACKET:
        return this.#readTimedPacket(view.getUint32(at, this.#little), view, at, end, place);
      case OBSOLETE_PACKET:
        // A drop count shares the word of the interface.
        return this.#readTimedPacket(view.getUint16(at, this.#little), view, at, end, place);
      case SIMPLE_PACKET:
        return this.#readSimplePacket(view, at, end, place);
      default:
        return true;
    }
  }

  #readTimedPacket(
    index: number,
    view: DataView,
    at: number,
    end: number,
    place: RecordPlace,
  ): boolean {
    if (end - at < 20) return false;
    const little = this.#little;
    const source = this.#interfaces[index];
    const captured = view.getUint32(at + 12, little);
    if (source === undefined || captured > end - at - 20) return false;
    place.isPacket = true;
    place.time = timeOf(source, view.getUint32(at + 4, little), view.getUint32(at + 8, little));
    place.length = view.getUint32(at + 16, little);
    place.start = at + 20;
    place.end = at + 20 + captured;
    place.linkType = source.linkType;
    return true;
  }

  /** It has no time: 0. */
  #readSimplePacket(view: DataView, at: number, end: number, place: RecordPlace): boolean {
    const [source] = this.#interfaces;
    if (source === undefined || end - at < 4) return false;
    const length = view.getUint32(at, this.#little);
    const limit = source.snaplen === 0 ? length : Math.min(length, source.snaplen);
    place.isPacket = true;
    place.time = 0;
    place.length = length;
    place.start = at + 4;
    place.end = Math.min(end, at + 4 + limit);
    place.linkType = source.linkType;
    return true;
  }
}

/** Every packet up to where the file was cut off or damaged. Nothing when it is no pcapng file. */
export function readPcapng(bytes: Uint8Array): CaptureContents {
  const view = viewOf(bytes);
  const blocks = new PcapngBlocks();
  const place = newPlace();
  const records: CaptureRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const taken = blocks.take(view, at, bytes.length, place);
    if (typeof taken === 'string') return damaged(records, at, taken);
    if (taken === 0) return damaged(records, at, 'ends within a block');
    if (place.isPacket) {
      const { time, length, start, end, linkType } = place;
      const frame = records.length + 1;
      records.push({ frame, time, length, data: bytes.subarray(start, end), linkType });
    }
    at += taken;
  }
  return { records, damage: null };
}

const damaged = (records: readonly CaptureRecord[], at: number, what: string): CaptureContents => ({
  records,
  damage: `The file ${what} at byte ${at}, after packet ${records.length}`,
});

function readInterface(view: DataView, start: number, end: number, little: boolean): Interface {
  let resolution = 1e6;
  let offset = 0;
  for (let at = start + 8; at + 4 <= end;) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === OPTION_END || at + 4 + length > end) break;
    if (code === IF_TSRESOL && length === 1) resolution = resolutionOf(view.getUint8(at + 4));
    if (code === IF_TSOFFSET && length === 8) offset = Number(view.getBigInt64(at + 4, little));
    at += 4 + ((length + 3) & ~3);
  }
  return {
    linkType: view.getUint16(start, little),
    snaplen: view.getUint32(start + 4, little),
    resolution,
    offset,
  };
}

/** The top bit chooses between powers of ten and of two. */
const resolutionOf = (value: number): number =>
  (value & 0x80) === 0 ? 10 ** value : 2 ** (value & 0x7f);

/** Microseconds since the epoch. Whole seconds and the rest apart, since a double counts no nanoseconds since 1970. */
function timeOf({ resolution, offset }: Interface, high: number, low: number): number {
  if (resolution === 1e6 && high < 2 ** 21) return high * 2 ** 32 + low + offset * 1e6;
  if (resolution === 1e9) {
    // 2^32 ns are 4294967 µs and 296 ns.
    return high * 4_294_967 + (high * 296 + low) / 1000 + offset * 1e6;
  }
  const units = (BigInt(high) << 32n) | BigInt(low);
  if (!Number.isSafeInteger(resolution)) return Number(units) * (1e6 / resolution) + offset * 1e6;
  const perSecond = BigInt(resolution);
  const rest = (Number(units % perSecond) * 1e6) / resolution;
  return (Number(units / perSecond) + offset) * 1e6 + rest;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
