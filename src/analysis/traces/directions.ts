import { parsePrefix } from '../../base/addresses.ts';
import type { PlanInterface, PlanNat, PlanNode } from '../../model/plan.ts';
import type { PacketView } from '../../wire/packet.ts';

/** From the client, to it, or neither. */
export type Direction = 1 | -1 | 0;

/** What of a plan says whose an address is. */
export interface AddressPlan {
  readonly nodes: readonly (Pick<PlanNode, 'name'> & {
    readonly interfaces: readonly Pick<PlanInterface, 'name' | 'addresses'>[];
    readonly nat: readonly PlanNat[];
  })[];
  readonly tunnels?: readonly { readonly client: TunnelEnd; readonly server: TunnelEnd }[];
}

interface TunnelEnd {
  readonly node: string;
  readonly addresses: readonly string[];
}

/** Where packets are watched. */
export interface WatchedPlace {
  readonly node: string;
  readonly interface: string;
}

/**
 * Tells the direction of packets of one client at one place. Its own addresses say it wherever they are to be seen. Behind a node that
 * masquerades, its addresses stand for the client's; at any other node than the client's, the node's addresses stand for the server's.
 */
export function directionsAt(
  plan: AddressPlan,
  client: string,
  place: WatchedPlace,
): (packet: PacketView) => Direction {
  const clients = addressKeys(plan, client);
  const isClient = place.node === client;
  const own = isClient ? new Set<string>() : addressKeys(plan, place.node);
  const masquerades = plan.nodes.some(
    ({ name, nat }) => name === place.node && nat.some((one) => one.interface === place.interface),
  );
  const ownSource: Direction = masquerades ? 1 : -1;
  return (packet) => {
    const { memory, sourceOffset, destinationOffset, addressLength } = packet;
    const source = keyAt(memory, sourceOffset, addressLength);
    if (clients.has(source)) return 1;
    const destination = keyAt(memory, destinationOffset, addressLength);
    if (clients.has(destination)) return -1;
    if (own.has(source)) return ownSource;
    if (own.has(destination)) return masquerades ? -1 : 1;
    return 0;
  };
}

function addressKeys({ nodes, tunnels = [] }: AddressPlan, node: string): Set<string> {
  const interfaces = nodes.find(({ name }) => name === node)?.interfaces ?? [];
  const ends = tunnels.flatMap((tunnel) => [tunnel.client, tunnel.server]);
  const texts = [...interfaces, ...ends.filter((end) => end.node === node)].flatMap(
    ({ addresses }) => addresses,
  );
  return new Set(
    texts.flatMap((text) => {
      const prefix = parsePrefix(text);
      if (!prefix.ok) return [];
      const { bytes } = prefix.value.address;
      return [keyAt(bytes, 0, bytes.length)];
    }),
  );
}

function keyAt(memory: Uint8Array, at: number, size: number): string {
  let key = '';
  for (let index = 0; index < size; index += 1) key += String.fromCharCode(memory[at + index] ?? 0);
  return key;
}
