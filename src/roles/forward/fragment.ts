// IPv4 fragmentation by a router: RFC 791 section 3.2, "An Example Fragmentation Procedure".
import { IPV4, ipv4HeaderLength } from '../../wire/ipv4.ts';
import { internetChecksum } from '../../wire/checksum.ts';
import { readU16, writeU16 } from '../../wire/bytes.ts';

const MORE_FRAGMENTS = 0x2000;
const OFFSET_MASK = 0x1fff;
const OPTION = { end: 0, noOperation: 1, copied: 0x80 } as const;

/** The fragments, none longer than `mtu`, of the packet at `start`; it may be a fragment itself. */
export function fragmentIpv4(
  memory: Uint8Array,
  start: number,
  end: number,
  mtu: number,
): Uint8Array[] {
  const headerLength = ipv4HeaderLength(memory, start);
  const firstHeader = memory.slice(start, start + headerLength);
  const laterHeader = headerOfLater(firstHeader);
  const word = readU16(memory, start + IPV4.flagsFragment);
  const fragments: Uint8Array[] = [];
  for (let at = start + headerLength; at < end;) {
    const header = fragments.length === 0 ? firstHeader : laterHeader;
    const room = Math.max(8, (mtu - header.length) & ~7);
    const isLast = end - at <= mtu - header.length;
    const length = isLast ? end - at : room;
    const fragment = new Uint8Array(header.length + length);
    fragment.set(header);
    fragment.set(memory.subarray(at, at + length), header.length);
    const offset = (word & OFFSET_MASK) + ((at - start - headerLength) >>> 3);
    const more = isLast ? word & MORE_FRAGMENTS : MORE_FRAGMENTS;
    writeU16(fragment, IPV4.flagsFragment, more | offset);
    writeU16(fragment, IPV4.totalLength, fragment.length);
    writeU16(fragment, IPV4.checksum, 0);
    writeU16(fragment, IPV4.checksum, internetChecksum(fragment, 0, header.length));
    fragments.push(fragment);
    at += length;
  }
  return fragments;
}

/** Later fragments carry only the options whose copied flag is set (RFC 791 section 3.1), padded to whole words. */
function headerOfLater(header: Uint8Array): Uint8Array {
  const kept = [...header.subarray(0, IPV4.headerLength)];
  for (let at: number = IPV4.headerLength; at < header.length;) {
    const type = header[at] ?? OPTION.end;
    if (type === OPTION.end) break;
    const length = type === OPTION.noOperation ? 1 : Math.max(2, header[at + 1] ?? 2);
    if ((type & OPTION.copied) !== 0) kept.push(...header.subarray(at, at + length));
    at += length;
  }
  while (kept.length % 4 !== 0) kept.push(OPTION.end);
  kept[IPV4.versionIhl] = 0x40 | (kept.length / 4);
  return Uint8Array.from(kept);
}
