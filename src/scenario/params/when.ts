import type { ListTree, MapEntry, MapTree, Tree } from '../source/tree.ts';

/** Sections whose parts may be switched off, and the sections within each part that may too. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  machines: [],
  hosts: [],
  containers: [],
  networks: [],
  routes: [],
  rules: [],
  nat: [],
  censor: ['rules'],
  proxies: ['relay'],
  tunnels: [],
  mirrors: [],
  traffic: [],
  captures: [],
  expect: [],
};

/** The scenario without the parts whose `when` is false. */
export function withoutSwitchedOff(root: MapTree): MapTree {
  return prune(root, SECTIONS);
}

/** Names of the parts that are written but switched off: members that are silently left out. */
export function switchedOff(
  root: MapTree,
  section: 'machines' | 'hosts' | 'containers' | 'tunnels' | 'traffic',
): readonly string[] {
  const value = root.entries.get(section)?.value;
  if (value?.kind === 'map')
    return [...value.entries].filter(([, entry]) => isOff(entry.value)).map(([name]) => name);
  if (value?.kind !== 'list') return [];
  return value.items.filter(isOff).flatMap((item) => {
    const name = item.kind === 'map' ? item.entries.get('name')?.value : undefined;
    return name?.kind === 'scalar' && typeof name.value === 'string' ? [name.value] : [];
  });
}

function prune(tree: MapTree, sections: Readonly<Record<string, readonly string[]>>): MapTree {
  const entries = new Map<string, MapEntry>(tree.entries);
  for (const [key, inner] of Object.entries(sections)) {
    const entry = entries.get(key);
    if (entry !== undefined) entries.set(key, { ...entry, value: pruneParts(entry.value, inner) });
  }
  return { ...tree, entries };
}

function pruneParts(section: Tree, inner: readonly string[]): Tree {
  const below = Object.fromEntries(inner.map((key) => [key, []]));
  // The rules and faults of a relay are lists in a map.
  const within = (part: Tree): Tree => {
    if (part.kind === 'list') return pruneParts(part, inner);
    return part.kind === 'map' ? prune(part, below) : part;
  };
  if (section.kind === 'list') {
    const items = section.items.filter((part) => !isOff(part)).map(within);
    return { ...section, items } satisfies ListTree;
  }
  if (section.kind === 'scalar') return section;
  const kept = [...section.entries].filter(([, entry]) => !isOff(entry.value));
  return {
    ...section,
    entries: new Map(kept.map(([key, entry]) => [key, { ...entry, value: within(entry.value) }])),
  };
}

function isOff(part: Tree): boolean {
  const when = part.kind === 'map' ? part.entries.get('when')?.value : undefined;
  return when?.kind === 'scalar' && when.value === false;
}
