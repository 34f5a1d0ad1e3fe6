// A node's main routing table for packets that pass through: every prefix of the plan, and for connected prefixes every
// neighbour that the plan knows, so that one lookup gives the next hop's MAC.
import {
  type IpAddress,
  type IpPrefix,
  networkAddress,
  nthAddress,
  parseMac,
  parsePrefix,
  prefixSize,
} from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import type { Result } from '../../base/result.ts';
import type {
  PlanInterface,
  PlanMember,
  PlanNetwork,
  PlanNode,
  PlanRoute,
} from '../../model/plan.ts';
import { membersOfSegment } from '../../model/segment.ts';
import { PrefixTrie } from './prefix-trie.ts';

/** What a destination means to the node. All kinds have the same fields, so that the packet path sees one shape. */
export interface Route {
  /**
   * `hop`: leaves by `port` to a known MAC. `link`: connected, but nobody is known at that address. `local`: the node's own.
   * `ignore`: never forwarded (multicast, broadcast, link-local, loopback).
   */
  readonly kind: 'hop' | 'link' | 'local' | 'ignore' | 'unreachable' | 'blackhole';
  /** Index into the node's interfaces; -1 where there is none. */
  readonly port: number;
  /** Destination and source MAC, 12 bytes; empty unless `hop`. */
  readonly macs: Uint8Array;
  /** Of the interface, in bytes. */
  readonly mtu: number;
}

export interface RouteTable {
  /** The route of the address of `family` at `offset`, or undefined when there is none. */
  lookup(family: 4 | 6, memory: Uint8Array, offset: number): Route | undefined;
}

/** RFC 1122 section 3.2.1.3, RFC 3927 section 7, RFC 4291 sections 2.5.2, 2.5.3, 2.5.6 and 2.7. */
const NEVER_FORWARDED = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
].map((text) => planned(parsePrefix(text)));

const NO_MACS = new Uint8Array(0);
const WITHOUT_PORT = { port: -1, macs: NO_MACS, mtu: 0 };
const LOCAL: Route = { kind: 'local', ...WITHOUT_PORT };
const IGNORE: Route = { kind: 'ignore', ...WITHOUT_PORT };
const UNREACHABLE: Route = { kind: 'unreachable', ...WITHOUT_PORT };
const BLACKHOLE: Route = { kind: 'blackhole', ...WITHOUT_PORT };

type Tries = Readonly<Record<4 | 6, PrefixTrie<Route>>>;

export function buildRouteTable(node: PlanNode, networks: readonly PlanNetwork[]): RouteTable {
  const tries: Tries = { 4: new PrefixTrie<Route>(), 6: new PrefixTrie<Route>() };
  addRoutes(tries, node);
  // In this order: what is added later wins over an equal prefix, as the kernel's local table wins over its main one.
  for (const [port, { network, ...device }] of node.interfaces.entries())
    addNeighbours(tries, membersOfSegment(networks, network), { port, ...device });
  for (const prefix of NEVER_FORWARDED) tries[prefix.address.family].set(prefix, IGNORE);
  for (const { addresses } of node.interfaces) addOwn(tries, addresses);
  return {
    lookup: (family, memory, offset) =>
      tries[family].lookup(memory, offset, family === 4 ? 32 : 128),
  };
}

/** Of routes to the same prefix the lowest metric wins; none given counts as 0, as ip-route(8) has it for IPv4. */
function addRoutes(tries: Tries, node: PlanNode): void {
  const main = node.routes.filter(({ table }) => table === 'main');
  for (const route of main.toSorted((left, right) => (right.metric ?? 0) - (left.metric ?? 0))) {
    const prefix = planned(parsePrefix(route.to));
    tries[prefix.address.family].set(prefix, toRoute(route, node.interfaces));
  }
}

function toRoute(route: PlanRoute, interfaces: readonly PlanInterface[]): Route {
  if (route.kind === 'unreachable') return UNREACHABLE;
  if (route.kind === 'blackhole') return BLACKHOLE;
  const port = interfaces.findIndex(({ name }) => name === route.interface);
  const device = interfaces[port];
  invariant(device, `The route to ${route.to} leaves by an interface of its node`);
  if (route.viaMac === undefined) return { kind: 'link', port, macs: NO_MACS, mtu: device.mtu };
  return hop(port, route.viaMac, device);
}

type Device = Pick<PlanInterface, 'name' | 'mac' | 'mtu'>;

const hop = (port: number, mac: string, device: Device): Route => ({
  kind: 'hop',
  port,
  macs: Uint8Array.from([...planned(parseMac(mac)), ...planned(parseMac(device.mac))]),
  mtu: device.mtu,
});

/** A host entry for each other member of the segment whose address is routed there as connected. */
function addNeighbours(
  tries: Tries,
  members: readonly PlanMember[],
  device: Device & { readonly port: number },
): void {
  for (const member of members)
    for (const text of member.mac === device.mac ? [] : member.addresses) {
      const { address } = planned(parsePrefix(text));
      const trie = tries[address.family];
      const bits = address.bytes.length * 8;
      const found = trie.lookup(address.bytes, 0, bits);
      if (found?.kind !== 'link' || found.port !== device.port) continue;
      trie.set({ address, length: bits }, hop(device.port, member.mac, device));
    }
}

function addOwn(tries: Tries, addresses: readonly string[]): void {
  for (const text of addresses) {
    const prefix = planned(parsePrefix(text));
    const { address } = prefix;
    const trie = tries[address.family];
    for (const edge of broadcastAddresses(prefix)) trie.set({ address: edge, length: 32 }, IGNORE);
    trie.set({ address, length: address.bytes.length * 8 }, LOCAL);
  }
}

/** All host bits zero or one (RFC 1122 section 3.2.1.3); a /31 has none (RFC 3021), nor has IPv6. */
function broadcastAddresses(prefix: IpPrefix): IpAddress[] {
  if (prefix.address.family === 6 || prefix.length > 30) return [];
  const last = nthAddress(prefix, prefixSize(prefix) - 1n);
  return last ? [networkAddress(prefix), last] : [];
}

const MARTIANS: Readonly<Record<4 | 6, PrefixTrie<true>>> = {
  4: new PrefixTrie<true>(),
  6: new PrefixTrie<true>(),
};
for (const prefix of NEVER_FORWARDED) MARTIANS[prefix.address.family].set(prefix, true);

/** Whether a packet from the address at `offset` may be forwarded at all (RFC 1812 section 5.3.7, RFC 4291 section 2.5). */
export const isForwardableSource = (family: 4 | 6, memory: Uint8Array, offset: number): boolean =>
  MARTIANS[family].lookup(memory, offset, family === 4 ? 32 : 128) === undefined;

function planned<T>(parsed: Result<T, string>): T {
  invariant(parsed.ok, parsed.ok ? '' : `A plan holds whole addresses. ${parsed.error}`);
  return parsed.value;
}
