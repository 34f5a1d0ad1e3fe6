// TCP options of a captured header as a script writes them, in their order with what pads them (RFC 9293 section 3.1).
import type { TcpOptionSpec } from '../../model/script.ts';
import { readU16, readU32, readU8 } from '../../wire/bytes.ts';

const END = 0;
const NOP = 1;

/** Stops at the first that is malformed; the end of the list is left to whoever writes the header. */
export function tcpOptions(options: Uint8Array): readonly TcpOptionSpec[] {
  const found: TcpOptionSpec[] = [];
  let at = 0;
  while (at < options.length) {
    const kind = readU8(options, at);
    if (kind === END) break;
    if (kind === NOP) {
      found.push({ kind: 'nop' });
      at += 1;
      continue;
    }
    const length = readU8(options, at + 1);
    if (length < 2 || at + length > options.length) break;
    found.push(optionOf(kind, options.subarray(at + 2, at + length)));
    at += length;
  }
  return found;
}

function optionOf(number: number, data: Uint8Array): TcpOptionSpec {
  if (number === 2 && data.length === 2) return { kind: 'mss', size: readU16(data, 0) };
  if (number === 3 && data.length === 1) return { kind: 'window-scale', shift: readU8(data, 0) };
  if (number === 4 && data.length === 0) return { kind: 'sack-permitted' };
  if (number === 5 && data.length > 0 && data.length % 8 === 0)
    return { kind: 'sack', blocks: blocksOf(data) };
  if (number === 8 && data.length === 8)
    return { kind: 'timestamps', value: readU32(data, 0), echo: readU32(data, 4) };
  if (number === 19 && data.length === 16) return { kind: 'md5', key: null, digest: hexOf(data) };
  return { kind: 'raw', number, hex: hexOf(data) };
}

const blocksOf = (data: Uint8Array): readonly (readonly [number, number])[] =>
  Array.from(
    { length: data.length / 8 },
    (_, index) => [readU32(data, index * 8), readU32(data, index * 8 + 4)] as const,
  );

const hexOf = (data: Uint8Array): string =>
  Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
