// Fragmentation of whole packets: IPv4 by RFC 791 section 3.2 ("An Example Fragmentation Procedure"), IPv6 by RFC 8200 section 4.5.
// A router cuts to an MTU; whoever crafts packets cuts at sizes of its own.
import { invariant } from '../base/invariant.ts';
import { IPV4, ipv4HeaderLength } from './ipv4.ts';
import { IPV6, buildFragmentHeader, unfragmentableEnd } from './ipv6.ts';
import { IP_PROTOCOL } from './ip-protocol.ts';
import { internetChecksum } from './checksum.ts';
import { concatBytes, readU16, readU8, writeU16 } from './bytes.ts';

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
  return cutIpv4(memory, start, end, (left, headerLength) => {
    const room = mtu - headerLength;
    return left <= room ? left : Math.max(8, room & ~7);
  });
}

/**
 * A packet as fragments that carry so many bytes each, all but the last a multiple of 8; what is left after them goes into one more.
 * `id` is that of the IPv6 Fragment headers; IPv4 fragments keep the packet's own, and lose its Don't Fragment.
 */
export function fragmentPacket(
  packet: Uint8Array,
  sizes: readonly number[],
  id: number,
): Uint8Array[] {
  let index = 0;
  const lengthOf = (left: number): number => {
    const size = sizes[index] ?? left;
    index += 1;
    if (size >= left) return left;
    invariant(size > 0 && size % 8 === 0, 'fragments but the last carry a multiple of 8 bytes');
    return size;
  };
  return readU8(packet, 0) >>> 4 === 4
    ? cutIpv4(packet, 0, packet.length, lengthOf)
    : cutIpv6(packet, lengthOf, id);
}

/** How many of the bytes that are left go into the next fragment, whose header is so long. */
type LengthOf = (left: number, headerLength: number) => number;

function cutIpv4(memory: Uint8Array, start: number, end: number, lengthOf: LengthOf): Uint8Array[] {
  const headerLength = ipv4HeaderLength(memory, start);
  const firstHeader = memory.subarray(start, start + headerLength);
  const laterHeader = headerOfLater(firstHeader);
  const word = readU16(memory, start + IPV4.flagsFragment);
  const fragments: Uint8Array[] = [];
  for (let at = start + headerLength; at < end;) {
    const header = fragments.length === 0 ? firstHeader : laterHeader;
    const length = lengthOf(end - at, header.length);
    const fragment = concatBytes(header, memory.subarray(at, at + length));
    const offset = (word & OFFSET_MASK) + ((at - start - headerLength) >>> 3);
    const more = at + length === end ? word & MORE_FRAGMENTS : MORE_FRAGMENTS;
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

/** Each fragment repeats the headers that routers on the way read; the Fragment header comes after them. */
function cutIpv6(packet: Uint8Array, lengthOf: LengthOf, id: number): Uint8Array[] {
  const { at: from, nextField } = unfragmentableEnd(packet);
  const head = new Uint8Array(packet.subarray(0, from));
  const protocol = readU8(packet, nextField);
  head[nextField] = IP_PROTOCOL.fragment;
  const fragments: Uint8Array[] = [];
  for (let at = from; at < packet.length;) {
    const length = lengthOf(packet.length - at, head.length);
    const more = at + length < packet.length;
    const fragment = concatBytes(
      head,
      buildFragmentHeader(protocol, at - from, more, id),
      packet.subarray(at, at + length),
    );
    writeU16(fragment, IPV6.payloadLength, fragment.length - IPV6.headerLength);
    fragments.push(fragment);
    at += length;
  }
  return fragments;
}
