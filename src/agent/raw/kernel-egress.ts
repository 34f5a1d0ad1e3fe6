import { setTimeout as pause } from 'node:timers/promises';
import { type IpAddress, formatIp } from '../../base/addresses.ts';
import { concatBytes } from '../../wire/bytes.ts';
import { Fault } from '../../base/fault.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { askForNeighbour, findNeighbour } from '../../kernel/netlink/find-neighbour.ts';
import { findRoute } from '../../kernel/netlink/find-route.ts';
import { type LinkFacts, readLink } from '../../kernel/netlink/read-link.ts';
import { type Egress, LONGEST_PACKET, LOOPBACK } from './egress.ts';

/** The kernel asks a neighbour for its MAC address three times, a second apart. */
const NEIGHBOUR_LIMIT_MS = 2500;
const LOOK_EVERY_MS = 10;

/** The ways of the stack of `namespaceFd` as its kernel has them: its routes and rules, its neighbours. */
export function createKernelEgress(namespaceFd: number): Egress {
  const within = <T>(action: () => T): T => inNamespace(namespaceFd, action);
  return {
    async find(source, destination) {
      const route = within(() => findRoute(source, destination));
      const link = route && within(() => readLink(route.interface));
      if (!route || !link)
        throw new Fault(
          'run',
          `Nothing leads from ${formatIp(source)} to ${formatIp(destination)}`,
          { help: 'Look at "ip route get" and give the scenario a route' },
        );
      if (link.isLoopback) return LOOPBACK;
      checkEthernet(link);
      const mac = await awaitNeighbour(within, route.interface, route.nextHop);
      if (!mac)
        throw new Fault(
          'run',
          `Nobody at ${formatIp(route.nextHop)} says its MAC address on ${link.name} within ${NEIGHBOUR_LIMIT_MS} ms`,
          { help: 'Look whether that host is up and on the same network' },
        );
      // The machine's own interfaces join what they receive (GRO).
      const device = { name: link.name, longestPacket: LONGEST_PACKET };
      return { interface: device, macs: concatBytes(mac, link.mac) };
    },
  };
}

/** Frames are made for Ethernet alone. */
function checkEthernet({ name, mac }: LinkFacts): void {
  if (mac.length === 6) return;
  throw new Fault('machine', `Interface ${name} has no MAC address, which raw packets need`, {
    help: 'Use a way over an Ethernet interface, or a transport that is not raw',
  });
}

async function awaitNeighbour(
  within: <T>(action: () => T) => T,
  index: number,
  address: IpAddress,
): Promise<Uint8Array | undefined> {
  const look = (): Uint8Array | undefined => within(() => findNeighbour(index, address));
  const known = look();
  if (known) return known;
  within(() => askForNeighbour(index, address));
  const limit = performance.now() + NEIGHBOUR_LIMIT_MS;
  while (performance.now() < limit) {
    await pause(LOOK_EVERY_MS);
    const found = look();
    if (found) return found;
  }
  return undefined;
}
