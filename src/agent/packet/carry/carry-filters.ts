// The two programs that part the packets of a node between its kernel and us, each packet to exactly one: what the ring leaves out the
// interface lets in, and what the ring sees the interface drops, but for the node's own packets, which are both's.
import type { IpAddress } from '../../../base/addresses.ts';
import { readU32 } from '../../../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH as LINK, ETHERTYPE } from '../../../wire/ethernet.ts';
import { FilterProgram } from '../../../kernel/filter-program.ts';
import { INGRESS_VERDICT } from '../../../kernel/netlink/ingress-filter.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import { IPV4 } from '../../../wire/ipv4.ts';
import { IPV6 } from '../../../wire/ipv6.ts';
import { TCP } from '../../../wire/tcp.ts';
import { ANY_FRAGMENT, CONTROL_FLAGS, type FlowKey, LEAST_TRANSPORT } from './flow-key.ts';

const RING = { leaveOut: 0, take: 0x7fff_ffff } as const;
const ETHERTYPE_AT = 12;
const LINK_LOCAL = 0xfe80;
const LINK_LOCAL_BITS = 0xffc0;

/** For rings: everything but packets of `carried`. */
export function ringFilter(carried: readonly FlowKey[]): FilterProgram {
  const program = new FilterProgram();
  findCarried(program, carried);
  program.end(RING.take);
  program.label('carried');
  program.end(RING.leaveOut);
  return program;
}

/** For interfaces: packets to `own` addresses, packets of `carried`, and whatever is never forwarded. */
export function ingressFilter(
  carried: readonly FlowKey[],
  own: readonly IpAddress[],
): FilterProgram {
  const program = new FilterProgram();
  findCarried(program, carried);
  program.loadPacketType();
  program.jumpUnless('equal', 0, 'carried');
  program.load(2, ETHERTYPE_AT);
  program.jumpIf('equal', ETHERTYPE.ipv4, 'to-4');
  program.jumpUnless('equal', ETHERTYPE.ipv6, 'carried');
  // Link-local addresses and groups are never forwarded either.
  program.load(1, LINK + IPV6.destination);
  program.jumpIf('equal', 0xff, 'carried');
  program.load(2, LINK + IPV6.destination);
  for (let prefix = LINK_LOCAL; prefix <= (LINK_LOCAL | (~LINK_LOCAL_BITS & 0xffff)); prefix += 16)
    program.jumpIf('equal', prefix, 'carried');
  for (const [index, { family, bytes }] of own.entries())
    if (family === 6) compareAddress(program, LINK + IPV6.destination, bytes, `6-${index}`);
  program.end(INGRESS_VERDICT.drop);
  program.label('to-4');
  for (const [index, { family, bytes }] of own.entries())
    if (family === 4) compareAddress(program, LINK + IPV4.destination, bytes, `4-${index}`);
  program.end(INGRESS_VERDICT.drop);
  program.label('carried');
  program.end(INGRESS_VERDICT.pass);
  return program;
}

function compareAddress(program: FilterProgram, at: number, bytes: Uint8Array, name: string): void {
  for (let offset = 0; offset < bytes.length; offset += 4) {
    program.load(4, at + offset);
    if (offset + 4 < bytes.length) program.jumpUnless('equal', readU32(bytes, offset), name);
    else program.jumpIf('equal', readU32(bytes, offset), 'carried');
  }
  program.label(name);
}

/** Goes to `carried`, or on behind its end. */
function findCarried(program: FilterProgram, carried: readonly FlowKey[]): void {
  program.load(2, ETHERTYPE_AT);
  program.jumpIf('equal', ETHERTYPE.ipv4, 'find-4');
  program.jumpUnless('equal', ETHERTYPE.ipv6, 'not-carried');
  program.index(IPV6.headerLength);
  program.load(1, LINK + IPV6.nextHeader);
  findTransport(program, carried, 6);
  program.label('find-4');
  program.load(2, LINK + IPV4.flagsFragment);
  program.jumpIf('anyBit', ANY_FRAGMENT, 'not-carried');
  program.indexByIpHeader(LINK);
  program.load(1, LINK + IPV4.protocol);
  findTransport(program, carried, 4);
  program.label('not-carried');
}

/** The protocol is in the accumulator; the index register holds the length of the IP header. */
function findTransport(program: FilterProgram, carried: readonly FlowKey[], family: 4 | 6): void {
  const [tcp, udp] = [IP_PROTOCOL.tcp, IP_PROTOCOL.udp].map((protocol) =>
    carried.filter((key) => key.family === family && key.protocol === protocol),
  );
  program.jumpIf('equal', IP_PROTOCOL.tcp, `tcp-${family}`);
  program.jumpUnless('equal', IP_PROTOCOL.udp, 'not-carried');
  findPorts(program, udp ?? [], `udp-${family}`);
  program.label(`tcp-${family}`);
  // A header that the frame does not hold is for us to see: a load beyond its end would let it pass.
  requireTransport(program);
  program.load(1, LINK + TCP.flags, 'index');
  program.jumpIf('anyBit', CONTROL_FLAGS, 'not-carried');
  findPorts(program, tcp ?? [], `tcp-ports-${family}`);
}

function requireTransport(program: FilterProgram): void {
  program.loadLength();
  program.subtractIndex();
  program.jumpUnless('atLeast', LINK + LEAST_TRANSPORT, 'not-carried');
}

function findPorts(program: FilterProgram, carried: readonly FlowKey[], name: string): void {
  if (carried.length > 0) {
    requireTransport(program);
    program.load(4, LINK, 'index');
    searchPorts(
      program,
      carried.toSorted((left, right) => left.ports - right.ports),
      name,
    );
  }
  program.jump('not-carried');
}

/** A binary search by the ports, which are in the accumulator: what it costs grows with the number's logarithm. */
function searchPorts(program: FilterProgram, sorted: readonly FlowKey[], name: string): void {
  const ports = sorted[sorted.length >>> 1]?.ports ?? 0;
  const first = sorted.findIndex((key) => key.ports === ports);
  if (first > 0) {
    program.jumpIf('atLeast', ports, `${name}+`);
    searchPorts(program, sorted.slice(0, first), `${name}-`);
    program.label(`${name}+`);
    searchPorts(program, sorted.slice(first), `${name}+`);
    return;
  }
  const others = sorted.filter((key) => key.ports !== ports);
  if (others.length > 0) {
    program.jumpUnless('equal', ports, `${name}>`);
    compareFlows(program, sorted.slice(0, sorted.length - others.length), name);
    program.label(`${name}>`);
    searchPorts(program, others, `${name}>`);
    return;
  }
  program.jumpUnless('equal', ports, 'not-carried');
  compareFlows(program, sorted, name);
}

/** Their ports are those of the packet. */
function compareFlows(program: FilterProgram, keys: readonly FlowKey[], name: string): void {
  for (const [index, { family, source, destination }] of keys.entries()) {
    const from = LINK + (family === 4 ? IPV4.source : IPV6.source);
    for (const [word, value] of [...source, ...destination].entries()) {
      program.load(4, from + word * 4);
      program.jumpUnless('equal', value, `${name}#${index}`);
    }
    program.jump('carried');
    program.label(`${name}#${index}`);
  }
  program.jump('not-carried');
}
