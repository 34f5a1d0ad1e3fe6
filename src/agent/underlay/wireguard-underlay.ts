// WireGuard below VXLAN: one interface in the lab's segment, whose UDP socket is in the machine's own stack.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type IpAddress, parseIp } from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { addAddress } from '../../kernel/netlink/address.ts';
import { setUp } from '../../kernel/netlink/link.ts';
import { findPath } from '../../kernel/netlink/path.ts';
import { RT_TABLE_MAIN, addRoute } from '../../kernel/netlink/route.ts';
import { NetlinkError, exchange } from '../../kernel/netlink/socket.ts';
import type { UnderlayOrder, WireguardOrder } from '../../model/rpc.ts';
import { formatEndpoint } from '../wireguard/configuration.ts';
import { makeWireguard } from '../wireguard/device.ts';
import type { WireguardDevice } from '../wireguard/interface.ts';
import type { UnderlayPlace, UnderlayStacks } from './place.ts';

/** What WireGuard adds to a packet at most, bytes: IPv6, UDP and its own headers (wireguard.com/papers, "Packets"). */
const OVERHEAD = 80;
/** The shortest packet that every IPv4 host takes (RFC 791). */
const SHORTEST_MTU = 576;
/** Seconds: most NATs forget a UDP mapping after 30 (RFC 4787 asks for 120). */
const KEEPALIVE = 25;
const HANDSHAKE_LIMIT_MS = 10_000;
/** How long the other side has to begin a handshake that is its to begin: twice a long way around the world. */
const PATIENCE_MS = 600;
const LOOK_MS = 50;

/** Settles when a handshake with every peer is done. */
export async function raiseWireguard(
  order: UnderlayOrder,
  { privateKey, port, peers }: WireguardOrder,
  stacks: UnderlayStacks,
): Promise<UnderlayPlace> {
  const { machine, segment, labId } = stacks;
  const mtu = wireguardMtu(peers, machine);
  checkPort(port, machine);
  const name = `runner-${labId}`;
  const index = stacks.assignIndex(name);
  const device = await makeWireguard({
    ...{ name, index, mtu },
    namespaces: { socket: machine, device: segment },
  });
  await device.configure({
    ...{ privateKey, port },
    peers: peers.map(({ machine: peer, publicKey, endpoint }) => ({
      ...{ publicKey, endpoint },
      allowedIps: [`${innerAddress(order, peer)}/32`],
      keepalive: beginsWith(order, peer) ? KEEPALIVE : 0,
    })),
  });
  inNamespace(segment, () =>
    exchange([
      addAddress(index, { address: address(order.own), length: 32 }),
      setUp(index),
      ...peers.map((peer) =>
        addRoute({
          to: { address: address(innerAddress(order, peer.machine)), length: 32 },
          kind: 'unicast',
          table: RT_TABLE_MAIN,
          interface: index,
        }),
      ),
    ]),
  );
  await untilShaken(device, order, peers, port);
  return { namespaceFd: segment, own: order.own, peers: order.peers };
}

/** Of the interface: what the narrowest way to a peer leaves. Throws a Fault when there is none, or it is too narrow. */
function wireguardMtu(peers: WireguardOrder['peers'], machine: number): number {
  const widths = peers.map(({ machine: peer, endpoint }) => {
    const mtu = underlayMtu(peer, endpoint.address, machine);
    if (mtu - OVERHEAD < SHORTEST_MTU)
      throw new Fault(
        'machine',
        `The way to machine "${peer}" (${endpoint.address}) has an MTU of ${mtu} bytes, and WireGuard needs ${SHORTEST_MTU + OVERHEAD}`,
        { help: 'Raise the MTU of the interface that leads there, or give another "underlay"' },
      );
    return mtu - OVERHEAD;
  });
  return Math.min(...widths);
}

function underlayMtu(peer: string, endpoint: string, machine: number): number {
  try {
    return inNamespace(machine, () => findPath(address(endpoint))).mtu;
  } catch (cause) {
    if (!(cause instanceof NetlinkError)) throw cause;
    throw new Fault(
      'machine',
      `This machine has no way to machine "${peer}" at ${endpoint}: ${cause.code}`,
      { help: `Give machine "${peer}" an "underlay" address that the other machines reach`, cause },
    );
  }
}

/** wireguard-go binds late and tells nobody when it cannot: whether the port is free is looked up before. */
function checkPort(port: number, machine: number): void {
  const taken = inNamespace(machine, () =>
    ['udp', 'udp6'].some((file) => isPortTaken(readSockets(file), port)),
  );
  if (taken)
    throw new Fault('machine', `WireGuard needs UDP port ${port}, which is taken`, {
      help: 'Give the machine another: "underlay: { wireguard: { port: … } }"',
    });
}

/** A kernel without IPv6 has no table of its sockets. */
function readSockets(file: string): string {
  try {
    return readFileSync(`/proc/thread-self/net/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** Whether a table of sockets (proc_pid_net(5), `udp`) has one at the port: the second word of a line, hexadecimal. */
export const isPortTaken = (table: string, port: number): boolean =>
  table
    .split('\n')
    .slice(1)
    .some((line) => {
      const hex = line.trim().split(/\s+/)[1]?.split(':')[1] ?? '';
      return hex !== '' && Number.parseInt(hex, 16) === port;
    });

/**
 * Whether this machine begins the first handshake with a peer. Two that cross undo each other, and the next attempt is 5 s
 * later (REKEY_TIMEOUT).
 */
const beginsWith = (order: UnderlayOrder, peer: string): boolean =>
  order.own < innerAddress(order, peer);

/** Waits for the handshakes, and begins those that the other side was to begin when it does not, be it for a NAT before us. */
async function untilShaken(
  device: WireguardDevice,
  order: UnderlayOrder,
  peers: WireguardOrder['peers'],
  port: number,
): Promise<void> {
  const start = performance.now();
  let awaited = peers.filter(({ machine }) => !beginsWith(order, machine));
  for (;;) {
    const done = await device.handshakes();
    const missing = peers.filter(({ publicKey }) => !done.has(publicKey));
    const waited = performance.now() - start;
    if (missing.length > 0 && waited > HANDSHAKE_LIMIT_MS) throw silenceFault(missing, port);
    for (const { publicKey } of awaited)
      if (done.has(publicKey) || waited > PATIENCE_MS) await device.keepAlive(publicKey, KEEPALIVE);
    if (waited > PATIENCE_MS) awaited = [];
    awaited = awaited.filter(({ publicKey }) => !done.has(publicKey));
    if (missing.length === 0) return;
    await sleep(LOOK_MS);
  }
}

function silenceFault(missing: WireguardOrder['peers'], port: number): Fault {
  const names = missing
    .map(({ machine, endpoint }) => `"${machine}" at ${formatEndpoint(endpoint)}`)
    .join(', ');
  return new Fault(
    'machine',
    `No WireGuard handshake within ${HANDSHAKE_LIMIT_MS / 1000} s with machine ${names}`,
    {
      help: `Let UDP through the firewalls between the machines (own port ${port}), and forward it where a NAT is on the way`,
    },
  );
}

function innerAddress(order: UnderlayOrder, machine: string): string {
  const found = order.peers[machine];
  invariant(found !== undefined, `Machine "${machine}" has an address in the mesh`);
  return found;
}

function address(text: string): IpAddress {
  const parsed = parseIp(text);
  if (parsed.ok) return parsed.value;
  throw new Fault('machine', `The underlay needs addresses: ${parsed.error}`, {
    help: 'Give "underlay" an IPv4 or IPv6 address',
  });
}
