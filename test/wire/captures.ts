// Capture files made of records, in every form that a reader may meet.
import { concatBytes } from '../../src/wire/bytes.ts';
import { encodePcapRecord, writePcapHeader } from '../../src/wire/pcap.ts';

export interface MadeRecord {
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly data: Uint8Array;
  /** On the wire. */
  readonly length?: number;
}

export const makePcap = (records: readonly MadeRecord[], linkType?: number): Uint8Array =>
  concatBytes(
    writePcapHeader(linkType),
    ...records.map(({ time, data, length }) => encodePcapRecord(time, data, length)),
  );

export interface MadeSection {
  readonly little: boolean;
  readonly linkType: number;
  /** if_tsresol; absent: microseconds. */
  readonly resolution?: number;
  /** Seconds. */
  readonly offset?: bigint;
  readonly snaplen?: number;
}

/** Blocks of a pcapng section, to be joined. */
export function pcapngSection(section: MadeSection): {
  readonly start: Uint8Array;
  enhanced(units: bigint, data: Uint8Array, length?: number): Uint8Array;
  obsolete(units: bigint, data: Uint8Array): Uint8Array;
  simple(data: Uint8Array, length?: number): Uint8Array;
  other(type: number, body: Uint8Array): Uint8Array;
} {
  const { little, linkType, resolution, offset, snaplen = 0 } = section;
  const block = (type: number, ...body: readonly Uint8Array[]): Uint8Array => {
    const content = padded(concatBytes(...body));
    const length = u32(content.length + 12);
    return concatBytes(u32(type), length, content, length);
  };
  const number = (size: number, set: (view: DataView) => void): Uint8Array => {
    const bytes = new Uint8Array(size);
    set(new DataView(bytes.buffer));
    return bytes;
  };
  const u16 = (value: number): Uint8Array => number(2, (view) => view.setUint16(0, value, little));
  const u32 = (value: number): Uint8Array => number(4, (view) => view.setUint32(0, value, little));
  const i64 = (value: bigint): Uint8Array =>
    number(8, (view) => view.setBigInt64(0, value, little));
  const option = (code: number, value: Uint8Array): Uint8Array =>
    concatBytes(u16(code), u16(value.length), padded(value));
  const options = [
    ...(resolution === undefined ? [] : [option(9, Uint8Array.of(resolution))]),
    ...(offset === undefined ? [] : [option(14, i64(offset))]),
    option(0, new Uint8Array(0)),
  ];
  const times = (units: bigint): Uint8Array =>
    concatBytes(u32(Number(units >> 32n)), u32(Number(units & 0xffff_ffffn)));
  return {
    start: concatBytes(
      block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), i64(-1n)),
      block(1, u16(linkType), u16(0), u32(snaplen), ...options),
    ),
    enhanced: (units, data, length = data.length) =>
      block(6, u32(0), times(units), u32(data.length), u32(length), data),
    obsolete: (units, data) =>
      block(2, u16(0), u16(3), times(units), u32(data.length), u32(data.length), data),
    simple: (data, length = data.length) => block(3, u32(length), data),
    other: (type, body) => block(type, body),
  };
}

const padded = (bytes: Uint8Array): Uint8Array =>
  concatBytes(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
