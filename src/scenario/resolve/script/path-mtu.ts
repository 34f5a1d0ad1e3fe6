// The largest IP packet that gets from one node to another in one piece.
import { type IpAddress, parseIp, parsePrefix, prefixContains } from '../../../base/addresses.ts';
import type { PlanRoute } from '../../../model/plan.ts';
import type { Lab } from '../lab.ts';
import type { Member, Node } from '../topology.ts';

/** More hops than a packet survives. */
const MOST_HOPS = 64;

/** Bytes: the smallest MTU of the interfaces on the way by main tables, of the two ends at least. */
export function pathMtu(lab: Lab, from: Node, to: Node, address: string): number {
  const target = parseIp(address);
  const arriving = to.members.find(({ addresses }) =>
    addresses.some(({ text }) => text === address),
  );
  let mtu = arriving?.mtu ?? 65_535;
  let here: Node | undefined = from;
  for (let hop = 0; hop < MOST_HOPS && target.ok; hop += 1) {
    if (here === undefined || here === to) break;
    const route: PlanRoute | undefined = routeTo(lab, here, target.value);
    const side: Member | undefined = here.members.find(
      (item) => item.interface === route?.interface,
    );
    if (route === undefined || side === undefined) break;
    mtu = Math.min(mtu, side.mtu);
    here = route.via === undefined ? to : ownerOf(lab, route.via);
  }
  return mtu;
}

/** The route of the main table with the longest prefix. */
export function routeTo(lab: Lab, node: Node, address: IpAddress): PlanRoute | undefined {
  let best: { readonly route: PlanRoute; readonly length: number } | undefined;
  for (const route of lab.routes.get(node.name) ?? []) {
    if (route.table !== 'main' || route.kind !== 'unicast') continue;
    const prefix = parsePrefix(route.to);
    if (!prefix.ok || !prefixContains(prefix.value, address)) continue;
    if (best === undefined || prefix.value.length > best.length)
      best = { route, length: prefix.value.length };
  }
  return best?.route;
}

function ownerOf({ topology }: Lab, address: string): Node | undefined {
  for (const node of topology.nodes.values())
    if (node.members.some(({ addresses }) => addresses.some(({ text }) => text === address)))
      return node;
  return undefined;
}
