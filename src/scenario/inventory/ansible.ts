// Hosts, groups and their variables → machines, by the rules of Ansible: a group's variables hold for its hosts, a child's
// win over its parents', a host's own over all.
import type { Span } from '../../base/diagnostic.ts';
import { cycleText, findCycles } from '../cycles.ts';
import { type Variables, draftOf } from './ansible-variables.ts';
import type { Inventory, InventoryMachine, Setting, Trouble } from './inventory.ts';

/** An inventory as its file groups it. */
export interface RawInventory {
  /** In the order in which they are first mentioned. */
  readonly hosts: Map<string, RawHost>;
  readonly groups: Map<string, RawGroup>;
}

export interface RawHost {
  readonly span: Span;
  readonly variables: Map<string, Setting>;
}

export interface RawGroup {
  readonly span: Span;
  readonly hosts: Set<string>;
  readonly children: Map<string, Span>;
  readonly variables: Map<string, Setting>;
}

export const emptyInventory = (): RawInventory => ({ hosts: new Map(), groups: new Map() });

export function hostIn(raw: RawInventory, name: string, span: Span): RawHost {
  const known = raw.hosts.get(name);
  if (known !== undefined) return known;
  const host: RawHost = { span, variables: new Map<string, Setting>() };
  raw.hosts.set(name, host);
  return host;
}

export function groupIn(raw: RawInventory, name: string, span: Span): RawGroup {
  const known = raw.groups.get(name);
  if (known !== undefined) return known;
  const group: RawGroup = {
    span,
    hosts: new Set<string>(),
    children: new Map<string, Span>(),
    variables: new Map<string, Setting>(),
  };
  raw.groups.set(name, group);
  return group;
}

/** Faults of the whole go to `report`; those of one machine stay with it. */
export function assembleAnsible(
  raw: RawInventory,
  filePath: (text: string, span: Span) => string,
  report: (trouble: Trouble) => void,
): Inventory {
  const next = (name: string): string[] => [...(raw.groups.get(name)?.children.keys() ?? [])];
  for (const cycle of findCycles(raw.groups.keys(), next)) {
    const span = raw.groups.get(cycle[0] ?? '')?.span;
    if (span === undefined) continue;
    const message = `The group "${cycle[0] ?? ''}" is a child of itself: ${cycleText(cycle, ' -> ')}`;
    report({ code: 'S140', span, message, help: 'Take one of them out of the children' });
    return { machines: new Map(), groups: new Map(), isWhole: false };
  }
  const groups = membersOfGroups(raw);
  const ranked = rankedGroups(raw);
  const above = groupsOfHosts(ranked, groups);
  const machines = new Map<string, InventoryMachine>();
  for (const [name, host] of raw.hosts) {
    const variables: Variables = new Map([
      ...(raw.groups.get('all')?.variables ?? []),
      ...(above.get(name) ?? []).flatMap((group) => [...(raw.groups.get(group)?.variables ?? [])]),
      ...host.variables,
    ]);
    machines.set(name, { name, span: host.span, ...draftOf(name, host.span, variables, filePath) });
  }
  return { machines, groups, isWhole: true };
}

/** Every group's hosts: its children's first, then its own, each once. */
function membersOfGroups(raw: RawInventory): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, readonly string[]>();
  const membersOf = (name: string): readonly string[] => {
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    const group = raw.groups.get(name);
    const members = [
      ...new Set([
        ...[...(group?.children.keys() ?? [])].flatMap(membersOf),
        ...(group?.hosts ?? []),
      ]),
    ];
    known.set(name, members);
    return members;
  };
  for (const name of raw.groups.keys()) membersOf(name);
  const grouped = new Set(
    [...known].flatMap(([name, members]) => (IMPLIED.has(name) ? [] : members)),
  );
  known.set('all', [...raw.hosts.keys()]);
  known.set(
    'ungrouped',
    [...raw.hosts.keys()].filter((name) => !grouped.has(name)),
  );
  return known;
}

/** Groups that every inventory has. */
const IMPLIED: ReadonlySet<string> = new Set(['all', 'ungrouped']);

/**
 * The groups whose variables count, those that win last: deeper ones win, of equals the one with the greater
 * `ansible_group_priority` (1 when not written), of those the later in the alphabet.
 */
function rankedGroups({ groups }: RawInventory): readonly string[] {
  const parents = new Map<string, string[]>();
  for (const [name, { children }] of groups)
    for (const child of children.keys()) parents.set(child, [...(parents.get(child) ?? []), name]);
  const depths = new Map<string, number>([['all', 0]]);
  const depthOf = (name: string): number => {
    const seen = depths.get(name);
    if (seen !== undefined) return seen;
    const depth = 1 + Math.max(0, ...(parents.get(name) ?? []).map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  return [...groups.keys()]
    .filter((name) => name !== 'all')
    .sort(
      (left, right) =>
        depthOf(left) - depthOf(right) ||
        priorityOf(groups.get(left)) - priorityOf(groups.get(right)) ||
        (left < right ? -1 : 1),
    );
}

function priorityOf(group: RawGroup | undefined): number {
  const text = group?.variables.get('ansible_group_priority')?.text ?? '1';
  return /^-?\d+$/.test(text) ? Number(text) : 1;
}

function groupsOfHosts(
  ranked: readonly string[],
  members: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const group of ranked)
    for (const host of members.get(group) ?? []) {
      const own = groups.get(host);
      if (own === undefined) groups.set(host, [group]);
      else own.push(group);
    }
  return groups;
}
