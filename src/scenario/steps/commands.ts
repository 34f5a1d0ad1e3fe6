// Steps as the command lines of iproute2, sysctl and nft that do the same: for people, never run.
import type { LinkEnd, PlanNode, PlanRoute, PlanRule } from '../../model/plan.ts';

/** The lab's own namespace, where bridges and the far ends of links live. */
export const SEGMENT = 'segment';

/** An `ip` command within a node's namespace. */
export const ip = (node: string | null, text: string): string => `ip -n ${node ?? SEGMENT} ${text}`;

/** The undo of what goes with its node. */
export const impliedBy = ({ name, kind }: Pick<PlanNode, 'name' | 'kind'>): string =>
  `implied by ${kind === 'container' ? 'container' : 'namespace'}:${name}`;

export function linkCommand(left: LinkEnd, right: LinkEnd, mtu: number): string {
  const end = (side: LinkEnd): string =>
    `${side.interface} address ${side.mac} mtu ${mtu} netns ${side.node ?? SEGMENT}`;
  const master = right.master === undefined ? '' : ` master ${right.master}`;
  return `ip link add ${end(left)} type veth peer name ${end(right)}${master}`;
}

export function routeCommand(route: PlanRoute): string {
  const kind = route.kind === 'unicast' ? '' : `${route.kind} `;
  const via = route.via === undefined ? '' : ` via ${route.via}`;
  const device = route.kind === 'unicast' ? ` dev ${route.interface}` : '';
  const table = route.table === 'main' ? '' : ` table ${route.table}`;
  const metric = route.metric === undefined ? '' : ` metric ${route.metric}`;
  return `${family(route.to)}route add ${kind}${route.to}${via}${device}${table}${metric}`;
}

export function ruleCommand(rule: PlanRule): string {
  const selector = [
    rule.from === undefined ? '' : ` from ${rule.from}`,
    rule.to === undefined ? '' : ` to ${rule.to}`,
    rule.fwmark === undefined ? '' : ` fwmark ${rule.fwmark}`,
  ].join('');
  return `${rule.family === 6 ? '-6 ' : ''}rule add priority ${rule.priority}${selector} table ${rule.table}`;
}

const family = (prefix: string): string => (prefix.includes(':') ? '-6 ' : '');
