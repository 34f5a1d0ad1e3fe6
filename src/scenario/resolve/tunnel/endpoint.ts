// Where a tunnel's server is for those who send to it, and how large a packet gets there whole.
import { parseIp, parsePrefix, prefixContains } from '../../../base/addresses.ts';
import type { PlanRoute } from '../../../model/plan.ts';
import type { PlanTunnel } from '../../../model/tunnel.ts';
import type { Context } from '../../context.ts';
import type { Lab } from '../lab.ts';
import { nearestAddress } from '../targets.ts';
import type { Node } from '../topology.ts';
import type { TunnelDraft } from './order.ts';

export interface Way {
  /** The server's. */
  readonly address: string;
  readonly family: 4 | 6;
  /** Of the narrowest network on the way from the client, or from the servers of those that carry it. */
  readonly mtu: number;
}

/** Undefined, with a report, where there is no address that all can send to. */
export function findWay(
  context: Context,
  lab: Lab,
  draft: TunnelDraft,
  carriers: readonly PlanTunnel[],
): Way | undefined {
  const { client, server, path, written } = draft;
  const starts =
    carriers.length === 0
      ? [client]
      : carriers.flatMap((carrier) => lab.topology.nodes.get(carrier.server.node) ?? []);
  const { family: wish } = written.wireguard;
  const [first] = starts;
  const nearest = first && nearestAddress(lab, first, server, wish);
  const all = server.members.flatMap(({ addresses }) => addresses.map(({ text }) => text));
  for (const address of new Set([nearest ?? [], all].flat())) {
    const family = address.includes(':') ? 6 : 4;
    if (wish !== undefined && family !== wish) continue;
    const isCarried = carriers.every(({ client: end }) =>
      end.addresses.some((text) => text.includes(':') === (family === 6)),
    );
    const mtus = starts.map((from) => mtuOfWay(lab, from, server, address));
    const mtu = Math.min(...mtus.map((item) => item ?? 0));
    if (isCarried && mtu > 0) return { address, family, mtu };
  }
  if (context.partial) return undefined;
  const lost = starts.find((from) =>
    all.every((address) => mtuOfWay(lab, from, server, address) === undefined),
  );
  const kind = wish === undefined ? '' : ` over IPv${wish}`;
  context.report(
    'S192',
    [...path, 'wireguard', 'server'],
    lost === undefined
      ? `There is no address of "${server.name}"${kind} that ${starts.map(({ name }) => `"${name}"`).join(', ')} can send to`
      : `No route leads from "${lost.name}" to "${server.name}"`,
    { help: 'Put them on one network, or on networks with a host between that forwards' },
  );
  return undefined;
}

/** Routers on a way. */
const MOST_HOPS = 64;

/** Follows the main tables from host to host; undefined where they do not lead there. */
function mtuOfWay(lab: Lab, from: Node, to: Node, address: string): number | undefined {
  let node = from;
  let mtu = Infinity;
  for (let hop = 0; hop < MOST_HOPS && node !== to; hop += 1) {
    const route = bestRoute(lab.routes.get(node.name) ?? [], address);
    const side = node.members.find((member) => member.interface === route?.interface);
    if (route?.kind !== 'unicast' || side === undefined) return undefined;
    const next = route.via ?? address;
    const other = (lab.topology.segments.get(side.segment)?.members ?? []).find(({ addresses }) =>
      addresses.some(({ text }) => text === next),
    );
    const following = other && lab.topology.nodes.get(other.node);
    if (other === undefined || following === undefined || following === node) return undefined;
    mtu = Math.min(mtu, side.mtu, other.mtu);
    node = following;
  }
  return node === to && mtu < Infinity ? mtu : undefined;
}

/** The longest prefix of the main table, of the lowest metric. */
function bestRoute(routes: readonly PlanRoute[], address: string): PlanRoute | undefined {
  const target = parseIp(address);
  if (!target.ok) return undefined;
  let best: { readonly route: PlanRoute; readonly length: number } | undefined;
  for (const route of routes) {
    const prefix = parsePrefix(route.to);
    if (route.table !== 'main' || !prefix.ok || !prefixContains(prefix.value, target.value))
      continue;
    const { length } = prefix.value;
    const isBetter =
      best === undefined ||
      length > best.length ||
      (length === best.length && (route.metric ?? 0) < (best.route.metric ?? 0));
    if (isBetter) best = { route, length };
  }
  return best?.route;
}
