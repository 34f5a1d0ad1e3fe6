// How a file's parts and those of a file it builds on become one. What is written later wins.
import { derivedCensorName } from '../censor-name.ts';
import { groupBy } from '../group.ts';
import { type ListTree, type MapEntry, type MapTree, type Tree, treeAt } from './tree.ts';

export type MergeKind = 'extends' | 'include';

/** Sections whose entries are merged key by key: `networks: { inside: { delay: 9ms } }` changes the delay alone. */
const MERGED_SECTIONS = new Set([
  ...['params', 'machines', 'hosts', 'containers', 'networks', 'proxies', 'tunnels', 'mirrors'],
]);
type NameOf = (item: Tree) => string | undefined;

/** Lists whose items have names: an item replaces the one of the same name. */
const NAMED_LISTS: ReadonlyMap<string, NameOf> = new Map([
  ['traffic', (item: Tree) => givenName(item)],
  ['censor', (item: Tree) => censorName(item)],
]);

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
        ? mergeMaps(left, right, key === 'proxies' ? mergeParts : (_, last) => last)
        : right,
    );
  const nameOf = NAMED_LISTS.get(key);
  if (nameOf !== undefined) return mergeByName(asList(base), asList(over), nameOf);
  if (how === 'include' && (key === 'references' || key === 'limitations'))
    return { ...asList(over), items: [...asList(base).items, ...asList(over).items] };
  if (how === 'include' && base.kind === 'list' && over.kind === 'list')
    return { ...over, items: [...base.items, ...over.items] };
  return over;
}

/** Of a proxy: what its relay is told, key by key. */
const mergeParts = (base: Tree, over: Tree): Tree =>
  base.kind === 'map' && over.kind === 'map' ? mergeMaps(base, over, (_, last) => last) : over;

function mergeMaps(base: MapTree, over: MapTree, both: (left: Tree, right: Tree) => Tree): MapTree {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const under = entries.get(key);
    const value = under === undefined ? entry.value : both(under.value, entry.value);
    entries.set(key, { keySpan: entry.keySpan, value });
  }
  return { ...over, entries };
}

/** Parts of one name stand where that name stood first; two of them in one file both stay, for the rules to refuse. */
function mergeByName(base: ListTree, over: ListTree, nameOf: NameOf): ListTree {
  const own = groupBy(over.items, nameOf);
  const placed = new Set<string | undefined>();
  const items = base.items.flatMap((item): readonly Tree[] => {
    const name = nameOf(item);
    const instead = name === undefined ? undefined : own.get(name);
    if (instead === undefined) return [item];
    if (placed.has(name)) return [];
    placed.add(name);
    return instead;
  });
  return { ...over, items: [...items, ...over.items.filter((item) => !placed.has(nameOf(item)))] };
}

const givenName: NameOf = (item) => textOf(item, 'name');

/** Given, or made from its host as it is when the censor is resolved. */
const censorName: NameOf = (item) => {
  const on = textOf(item, 'on') ?? firstOf(item, 'on');
  return givenName(item) ?? (on === undefined ? undefined : derivedCensorName(on));
};

function textOf(item: Tree, key: string): string | undefined {
  const value = item.kind === 'map' ? item.entries.get(key)?.value : undefined;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

function firstOf(item: Tree, key: string): string | undefined {
  const value = treeAt(item, [key, 0]);
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** A lone part as a list of one. */
export const asList = (tree: Tree): ListTree =>
  tree.kind === 'list' ? tree : { kind: 'list', span: tree.span, items: [tree] };
