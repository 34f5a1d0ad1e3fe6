import { type ListTree, type MapEntry, type MapTree, type Tree, treeAt } from '../source/tree.ts';

/** What is of the using file alone: where the censor sits is of its lab. */
const OWN = ['use', 'with', 'on'];
/** Maps of switches, of which each that is written wins by itself. */
const SWITCHES = ['state', 'reassembly', 'checks'];

/** A censor with what it does not say taken from another. Its own rules come first, and instead of those with their names. */
export function mergeCensor(own: MapTree, used: MapTree): MapTree {
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of used.entries) if (!OWN.includes(key)) entries.set(key, entry);
  for (const [key, entry] of own.entries) {
    if (key === 'use' || key === 'with') continue;
    const under = entries.get(key);
    entries.set(key, under === undefined ? entry : { ...entry, value: merged(key, entry, under) });
  }
  return { ...own, entries };
}

function merged(key: string, { value: over }: MapEntry, { value: under }: MapEntry): Tree {
  if (key === 'rules' && over.kind === 'list' && under.kind === 'list') return joined(over, under);
  return SWITCHES.includes(key) && over.kind === 'map' && under.kind === 'map'
    ? { ...over, entries: new Map([...under.entries, ...over.entries]) }
    : over;
}

function joined(over: ListTree, under: ListTree): ListTree {
  const names = new Set(over.items.map(nameOf).filter((name) => name !== undefined));
  const rest = under.items.filter((item) => !names.has(nameOf(item) ?? ''));
  return { ...over, items: [...over.items, ...rest] };
}

function nameOf(rule: Tree): string | undefined {
  const name = treeAt(rule, ['name']);
  return name?.kind === 'scalar' ? String(name.value) : undefined;
}
