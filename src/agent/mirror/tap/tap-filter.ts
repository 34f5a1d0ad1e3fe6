// What has the kernel hand over the packets that are wished for and no others (Documentation/networking/filter.rst).
import { readU32 } from '../../../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH as LINK, ETHERTYPE } from '../../../wire/ethernet.ts';
import { IPV4 } from '../../../wire/ipv4.ts';
import { IPV6 } from '../../../wire/ipv6.ts';
import { FilterProgram } from '../../../kernel/filter-program.ts';
import { HEAD_BYTES, type Wish, type WishedPlace } from './wish.ts';

/** Frames of which lengths, in bytes: rings of an interface share them. Those that are cut are of the shortest. */
export interface Lengths {
  /** Absent: from the shortest on. */
  readonly from?: number;
  /** Absent: up to the longest. */
  readonly below?: number;
}

const ETHERTYPE_AT = 12;
const WHOLE = 0x7fff_ffff;
/** The offset of a fragment, in its field. */
const LATER_FRAGMENT = 0x1fff;
const PORT = { source: 0, destination: 2 } as const;

export function tapFilter(wishes: readonly Wish[], lengths: Lengths): Uint8Array {
  const program = new FilterProgram();
  program.load(2, ETHERTYPE_AT);
  program.jumpIf('equal', ETHERTYPE.ipv4, 'ipv4');
  program.jumpUnless('equal', ETHERTYPE.ipv6, 'none');
  program.index(IPV6.headerLength);
  findWishes(program, wishes, lengths, 6);
  program.label('ipv4');
  program.indexByIpHeader(LINK);
  findWishes(program, wishes, lengths, 4);
  program.label('none');
  program.end(0);
  return program.encode();
}

/** Takes nothing. */
export function closedFilter(): Uint8Array {
  const program = new FilterProgram();
  program.end(0);
  return program.encode();
}

/** The index register holds the length of the IP header. */
function findWishes(
  program: FilterProgram,
  wishes: readonly Wish[],
  lengths: Lengths,
  family: 4 | 6,
): void {
  for (const [index, wish] of wishes.entries()) {
    const { from, to, isHead, protocol } = wish;
    if ((from ?? to)?.prefix.address.family !== family) continue;
    if (isHead && lengths.from !== undefined) continue;
    const next = `${family}-${index}`;
    const layout = family === 4 ? IPV4 : IPV6;
    program.load(1, LINK + (family === 4 ? IPV4.protocol : IPV6.nextHeader));
    program.jumpUnless('equal', protocol, next);
    if (from) comparePrefix(program, LINK + layout.source, from, next);
    if (to) comparePrefix(program, LINK + layout.destination, to, next);
    if (family === 4) skipLaterFragments(program, `${next}-found`);
    if (from) comparePort(program, PORT.source, from, next);
    if (to) comparePort(program, PORT.destination, to, next);
    program.label(`${next}-found`);
    if (!isHead) compareLength(program, lengths, next);
    program.end(isHead ? HEAD_BYTES : WHOLE);
    program.label(next);
  }
  program.jump('none');
}

/** They have no ports. */
function skipLaterFragments(program: FilterProgram, found: string): void {
  program.load(2, LINK + IPV4.flagsFragment);
  program.jumpIf('anyBit', LATER_FRAGMENT, found);
}

function comparePrefix(
  program: FilterProgram,
  at: number,
  { prefix: { address, length } }: WishedPlace,
  next: string,
): void {
  for (let offset = 0; offset * 8 < length; offset += 4) {
    const size = 2 ** Math.max(0, 32 - (length - offset * 8));
    const word = readU32(address.bytes, offset);
    const first = word - (word % size);
    program.load(4, at + offset);
    if (size === 1) program.jumpUnless('equal', first, next);
    else {
      program.jumpUnless('atLeast', first, next);
      if (first + size < 2 ** 32) program.jumpIf('atLeast', first + size, next);
    }
  }
}

function comparePort(
  program: FilterProgram,
  at: number,
  { port }: WishedPlace,
  next: string,
): void {
  if (port === null) return;
  program.load(2, LINK + at, 'index');
  program.jumpUnless('equal', port, next);
}

function compareLength(program: FilterProgram, { from, below }: Lengths, next: string): void {
  program.loadLength();
  if (from !== undefined) program.jumpUnless('atLeast', from, next);
  if (below !== undefined) program.jumpIf('atLeast', below, next);
}
