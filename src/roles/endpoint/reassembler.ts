// Fragments of IP packets into whole packets: RFC 791 section 3.2, RFC 8200 section 4.5. A datagram whose fragments overlap is
// dropped whole, as RFC 5722 wants of IPv6 and Linux does with both; a fragment that comes again changes nothing.
import { internetChecksum } from '../../wire/checksum.ts';
import { readU8, writeU16 } from '../../wire/bytes.ts';
import { IPV4, ipv4HeaderLength } from '../../wire/ipv4.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { IPV6 } from '../../wire/ipv6.ts';
import type { PacketView } from '../../wire/packet.ts';
import { fragmentKey } from '../reassembly/fragment-key.ts';

/** Datagrams that may wait for their fragments at once: more make the oldest go. */
const CAPACITY = 64;
/** Microseconds that a datagram may take to arrive whole: Linux waits 30 s. */
const LIFETIME = 30e6;
const LONGEST = 65_535;
const FRAGMENT_HEADER = 8;

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Datagram {
  readonly until: number;
  /** Of the first fragment, as the whole packet has it but for its length. */
  header: Uint8Array | null;
  /** Known with the last fragment. */
  length: number | null;
  /** In order. */
  pieces: Piece[];
  isSpoiled: boolean;
}

export class Reassembler {
  readonly #datagrams = new Map<string, Datagram>();

  /** Takes a fragment; gives the whole packet when it was the last to come, and else null. */
  push(fragment: PacketView, now: number): Uint8Array | null {
    const key = fragmentKey(fragment);
    const datagram = this.#datagram(key, now);
    const { at, header } = cut(fragment);
    const bytes = fragment.memory.slice(at, fragment.end);
    if (fragment.fragmentOffset === 0) datagram.header ??= header;
    if (!fragment.moreFragments) datagram.length ??= fragment.fragmentOffset + bytes.length;
    insert(datagram, { offset: fragment.fragmentOffset, bytes });
    const whole = join(datagram);
    if (whole) this.#datagrams.delete(key);
    return whole;
  }

  #datagram(key: string, now: number): Datagram {
    const known = this.#datagrams.get(key);
    if (known && now <= known.until) return known;
    const datagram: Datagram = {
      until: now + LIFETIME,
      header: null,
      length: null,
      pieces: [],
      isSpoiled: false,
    };
    this.#datagrams.delete(key);
    this.#datagrams.set(key, datagram);
    const [oldest] = this.#datagrams.keys();
    if (this.#datagrams.size > CAPACITY && oldest !== undefined) this.#datagrams.delete(oldest);
    return datagram;
  }
}

function insert(datagram: Datagram, piece: Piece): void {
  const { pieces } = datagram;
  const end = piece.offset + piece.bytes.length;
  if (pieces.some(({ offset, bytes }) => offset === piece.offset && bytes.length === end - offset))
    return;
  const overlaps = pieces.some(
    ({ offset, bytes }) => piece.offset < offset + bytes.length && offset < end,
  );
  if (overlaps || end > LONGEST) datagram.isSpoiled = true;
  // What is spoiled stays known, so that none of its fragments begins it anew, and keeps no bytes.
  datagram.pieces = datagram.isSpoiled
    ? []
    : [...pieces, piece].toSorted((left, right) => left.offset - right.offset);
}

function join({ header, length, pieces, isSpoiled }: Datagram): Uint8Array | null {
  if (isSpoiled || !header || length === null) return null;
  const sum = pieces.reduce((total, { bytes }) => total + bytes.length, 0);
  if (sum !== length) return null;
  const packet = new Uint8Array(header.length + length);
  packet.set(header);
  for (const { offset, bytes } of pieces) packet.set(bytes, header.length + offset);
  if (readU8(packet, 0) >>> 4 === 6) writeU16(packet, IPV6.payloadLength, length);
  else {
    writeU16(packet, IPV4.totalLength, packet.length);
    writeU16(packet, IPV4.flagsFragment, 0);
    writeU16(packet, IPV4.checksum, 0);
    writeU16(packet, IPV4.checksum, internetChecksum(packet, 0, header.length));
  }
  return packet;
}

/** Where the fragment's bytes begin, and the header that the whole packet has; extension headers before them are left out. */
function cut({ version, memory, start }: PacketView): { at: number; header: Uint8Array } {
  if (version === 4) {
    const at = start + ipv4HeaderLength(memory, start);
    return { at, header: memory.slice(start, at) };
  }
  let next = readU8(memory, start + IPV6.nextHeader);
  let at = start + IPV6.headerLength;
  while (next !== IP_PROTOCOL.fragment) {
    next = readU8(memory, at);
    at += (readU8(memory, at + 1) + 1) * 8;
  }
  const header = memory.slice(start, start + IPV6.headerLength);
  header[IPV6.nextHeader] = readU8(memory, at);
  return { at: at + FRAGMENT_HEADER, header };
}
