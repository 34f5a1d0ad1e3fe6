// Steps as the command lines of iproute2, sysctl and nft that do the same: for people, never run.
import type { LinkEnd, PlanNode, PlanRoute, PlanRule } from '../../model/plan.ts';

/** The lab's own namespace, where bridges and the far ends of links live. */
export const SEGMENT = 'segment';

/** Where a command acts: a node's namespace, the stack of the machine, or the lab's own segment. */
export type Place = Pick<PlanNode, 'name' | 'stack'> | null;

/** An `ip` command in that place. */
export const ip = (place: Place, text: string): string =>
  place?.stack === 'machine' ? `ip ${text}` : `ip -n ${place?.name ?? SEGMENT} ${text}`;

/** The undo of what goes with its node, or in the stack of a machine with the node's `device`. */
export function impliedBy(
  { name, kind, stack, interfaces }: Pick<PlanNode, 'name' | 'kind' | 'stack' | 'interfaces'>,
  device?: string,
): string {
  const network = interfaces.find((side) => side.name === device)?.network;
  if (stack === 'machine' && network !== undefined) return `implied by veth:${network}:${name}`;
  return `implied by ${kind === 'container' ? 'container' : 'namespace'}:${name}`;
}

/** A link's end with the node that has it; null for the lab's own segment. */
export interface PlacedEnd {
  readonly end: LinkEnd;
  readonly place: Place;
}

/** The stack of a machine is that of its first process. */
const MACHINE = 1;

export function linkCommand(left: PlacedEnd, right: PlacedEnd, mtu: number): string {
  const namespace = (place: Place): string | number =>
    place?.stack === 'machine' ? MACHINE : (place?.name ?? SEGMENT);
  const end = ({ end: side, place }: PlacedEnd): string =>
    `${side.interface} address ${side.mac} mtu ${mtu} netns ${namespace(place)}`;
  const master = right.end.master === undefined ? '' : ` master ${right.end.master}`;
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
    rule.fwmark === undefined ? '' : ` fwmark ${markText(rule.fwmark, rule.mask)}`,
  ].join('');
  const not = rule.not ? ' not' : '';
  return `${rule.family === 6 ? '-6 ' : ''}rule add priority ${rule.priority}${not}${selector} table ${rule.table}`;
}

const markText = (mark: number, mask: number | undefined): string =>
  mask === undefined ? `${mark}` : `${mark}/0x${mask.toString(16)}`;

const family = (prefix: string): string => (prefix.includes(':') ? '-6 ' : '');
