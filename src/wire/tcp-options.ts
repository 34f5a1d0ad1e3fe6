// TCP options as values: RFC 9293 section 3.1 (MSS), RFC 7323 (window scale, timestamps), RFC 2018 (SACK), RFC 2385 (MD5).
import { concatBytes, readU16, readU32, readU8, writeU32 } from './bytes.ts';
import { invariant } from '../base/invariant.ts';
import { maximumSegmentSizeOption, parseTcpOptions } from './tcp.ts';

/** Option kinds (IANA "TCP Option Kind Numbers"). */
export const TCP_OPTION = {
  end: 0,
  noOperation: 1,
  maximumSegmentSize: 2,
  windowScale: 3,
  sackPermitted: 4,
  sack: 5,
  timestamps: 8,
  md5: 19,
} as const;

/** The data offset counts 15 words at most, of which the fixed header takes 5. */
export const TCP_OPTIONS_LIMIT = 40;

/** Received bytes, from `left` up to but without `right` (sequence numbers). */
export interface SackBlock {
  readonly left: number;
  readonly right: number;
}

export interface TcpTimestamps {
  readonly value: number;
  readonly echo: number;
}

/** One option to write. Nothing is added between options: whoever wants them aligned says `no-operation`. */
export type TcpOptionSpec =
  | { readonly kind: 'end' }
  | { readonly kind: 'no-operation' }
  | { readonly kind: 'maximum-segment-size'; readonly size: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack-permitted' }
  | { readonly kind: 'sack'; readonly blocks: readonly SackBlock[] }
  | ({ readonly kind: 'timestamps' } & TcpTimestamps)
  /** 16 bytes; zeros where `signTcp` is to fill it in. */
  | { readonly kind: 'md5'; readonly digest: Uint8Array }
  | { readonly kind: 'other'; readonly number: number; readonly data: Uint8Array };

/** The options in order, without padding at the end; 40 bytes at most. */
export function emitTcpOptions(options: readonly TcpOptionSpec[]): Uint8Array {
  const bytes = concatBytes(...options.map(emitOption));
  invariant(bytes.length <= TCP_OPTIONS_LIMIT, 'the options of a TCP header take 40 bytes at most');
  return bytes;
}

/** Bytes that they take, so that it can be said beforehand that they are too many. */
export const tcpOptionsLength = (options: readonly TcpOptionSpec[]): number =>
  options.reduce((sum, option) => sum + emitOption(option).length, 0);

function emitOption(option: TcpOptionSpec): Uint8Array {
  switch (option.kind) {
    case 'end':
      return Uint8Array.of(TCP_OPTION.end);
    case 'no-operation':
      return Uint8Array.of(TCP_OPTION.noOperation);
    case 'maximum-segment-size':
      return maximumSegmentSizeOption(option.size);
    case 'window-scale':
      return withData(TCP_OPTION.windowScale, Uint8Array.of(option.shift));
    case 'sack-permitted':
      return withData(TCP_OPTION.sackPermitted, new Uint8Array(0));
    case 'sack':
      return withData(
        TCP_OPTION.sack,
        words(option.blocks.flatMap(({ left, right }) => [left, right])),
      );
    case 'timestamps':
      return withData(TCP_OPTION.timestamps, words([option.value, option.echo]));
    case 'md5':
      return withData(TCP_OPTION.md5, option.digest);
    case 'other':
      return withData(option.number, option.data);
  }
}

const withData = (kind: number, data: Uint8Array): Uint8Array =>
  Uint8Array.of(kind, 2 + data.length, ...data);

function words(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  for (const [index, value] of values.entries()) writeU32(bytes, index * 4, value);
  return bytes;
}

/** What a peer's options say. Of an option that is there twice, the last counts, as in Linux. */
export interface TcpOptionValues {
  readonly maximumSegmentSize: number | null;
  readonly windowScale: number | null;
  readonly sackPermitted: boolean;
  readonly sack: readonly SackBlock[];
  readonly timestamps: TcpTimestamps | null;
  /** A view. */
  readonly md5: Uint8Array | null;
}

const NONE: TcpOptionValues = {
  maximumSegmentSize: null,
  windowScale: null,
  sackPermitted: false,
  sack: [],
  timestamps: null,
  md5: null,
};

/** Options of a wrong length are passed over. */
export function readTcpOptions(options: Uint8Array): TcpOptionValues {
  let values = NONE;
  if (options.length === 0) return values;
  for (const { kind, data } of parseTcpOptions(options))
    values = { ...values, ...readOption(kind, data) };
  return values;
}

function readOption(kind: number, data: Uint8Array): Partial<TcpOptionValues> {
  switch (kind) {
    case TCP_OPTION.maximumSegmentSize:
      return data.length === 2 ? { maximumSegmentSize: readU16(data, 0) } : {};
    case TCP_OPTION.windowScale:
      return data.length === 1 ? { windowScale: readU8(data, 0) } : {};
    case TCP_OPTION.sackPermitted:
      return data.length === 0 ? { sackPermitted: true } : {};
    case TCP_OPTION.sack:
      return data.length % 8 === 0 ? { sack: readBlocks(data) } : {};
    case TCP_OPTION.timestamps:
      return data.length === 8
        ? { timestamps: { value: readU32(data, 0), echo: readU32(data, 4) } }
        : {};
    case TCP_OPTION.md5:
      return data.length === 16 ? { md5: data } : {};
    default:
      return {};
  }
}

const readBlocks = (data: Uint8Array): SackBlock[] =>
  Array.from({ length: data.length / 8 }, (_, index) => ({
    left: readU32(data, index * 8),
    right: readU32(data, index * 8 + 4),
  }));
