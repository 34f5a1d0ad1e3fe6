// How a file's parts and those of a file it builds on become one. What is written later wins.
import type { ListTree, MapEntry, MapTree, Tree } from './tree.ts';

export type MergeKind = 'extends' | 'include';

/** Sections whose entries are merged key by key: `networks: { inside: { delay: 9ms } }` changes the delay alone. */
const MERGED_SECTIONS = new Set(['params', 'hosts', 'networks']);
/** Lists whose items have names: an item replaces the one of the same name. */
const NAMED_LISTS = new Set(['traffic', 'censor']);

/**
 * Maps of parts are merged by name and lists of named parts by name. Other lists are put one after the other by
 * `include`; by `extends`, the list of the file that extends stands alone.
 */
export function mergeTrees(base: MapTree, over: MapTree, how: MergeKind): MapTree {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const under = entries.get(key);
    entries.set(key, under === undefined ? entry : mergeSection(key, under, entry, how));
  }
  return { ...over, entries };
}

function mergeSection(key: string, base: MapEntry, over: MapEntry, how: MergeKind): MapEntry {
  const value = mergeValue(key, base.value, over.value, how);
  return { keySpan: over.keySpan, value };
}

function mergeValue(key: string, base: Tree, over: Tree, how: MergeKind): Tree {
  if (MERGED_SECTIONS.has(key) && base.kind === 'map' && over.kind === 'map')
    return mergeMaps(base, over, (left, right) =>
      left.kind === 'map' && right.kind === 'map'
        ? mergeMaps(left, right, (_, last) => last)
        : right,
    );
  if (NAMED_LISTS.has(key)) return mergeByName(asList(base), asList(over));
  if (how === 'include' && base.kind === 'list' && over.kind === 'list')
    return { ...over, items: [...base.items, ...over.items] };
  return over;
}

function mergeMaps(base: MapTree, over: MapTree, both: (left: Tree, right: Tree) => Tree): MapTree {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const under = entries.get(key);
    const value = under === undefined ? entry.value : both(under.value, entry.value);
    entries.set(key, { keySpan: entry.keySpan, value });
  }
  return { ...over, entries };
}

function mergeByName(base: ListTree, over: ListTree): ListTree {
  const own = new Map(over.items.map((item) => [nameOf(item), item]));
  const known = new Set(base.items.map(nameOf));
  const replaced = base.items.map((item) => {
    const name = nameOf(item);
    return (name === undefined ? undefined : own.get(name)) ?? item;
  });
  const added = over.items.filter((item) => {
    const name = nameOf(item);
    return name === undefined || !known.has(name);
  });
  return { ...over, items: [...replaced, ...added] };
}

function nameOf(item: Tree): string | undefined {
  const name = item.kind === 'map' ? item.entries.get('name')?.value : undefined;
  return name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined;
}

/** A lone part as a list of one. */
export const asList = (tree: Tree): ListTree =>
  tree.kind === 'list' ? tree : { kind: 'list', span: tree.span, items: [tree] };
