// One definition over another, as `extends` and several files of one project have it (Compose Specification, 13-merge).
import type { ListTree, MapEntry, MapTree, Tree } from '../source/tree.ts';

/** Keys whose value stands for itself, whatever it is written over. */
const REPLACED = new Set(['command', 'entrypoint', 'test']);
/** `[NAME=value]` is a map written as a list. */
const PAIRS = new Set(['environment', 'labels', 'args', 'sysctls', 'annotations', 'extra_hosts']);
/** `[name]` is a map to nothing in particular. */
const NAMES = new Set(['networks', 'depends_on']);
/** One text is a list of one. */
const LISTS = new Set(['dns', 'dns_search', 'env_file', 'tmpfs', 'label_file']);
/** Lists of what is known by where it goes. */
const TARGETS = new Set(['volumes', 'devices', 'configs', 'secrets']);

/** A value with a tag: `!reset` stands for nothing, `!override` for itself alone. */
export type MarkedTree = Tree & { readonly merging?: 'reset' | 'override' };

export function mergeMaps(base: MapTree, over: MapTree): MapTree {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const under = entries.get(key);
    entries.set(
      key,
      under === undefined ? entry : { ...entry, value: mergeValue(key, under.value, entry.value) },
    );
  }
  return { ...over, entries };
}

function mergeValue(key: string, base: Tree, over: Tree): Tree {
  if (REPLACED.has(key) || 'merging' in over) return over;
  const [low, high] = [shapeOf(key, base), shapeOf(key, over)];
  if (low.kind === 'map' && high.kind === 'map') return mergeMaps(low, high);
  if (low.kind !== 'list' || high.kind !== 'list') return over;
  return TARGETS.has(key) ? mergeByTarget(low, high) : joinLists(low, high);
}

function shapeOf(key: string, tree: Tree): Tree {
  if (key === 'build' && tree.kind === 'scalar')
    return mapOf(tree, [['context', { keySpan: tree.span, value: tree }]]);
  if (LISTS.has(key) && tree.kind === 'scalar')
    return { kind: 'list', span: tree.span, items: [tree] };
  if (tree.kind !== 'list' || (!PAIRS.has(key) && !NAMES.has(key))) return tree;
  return mapOf(
    tree,
    tree.items.flatMap((item): [string, MapEntry][] => {
      if (item.kind !== 'scalar') return [];
      const text = String(item.value);
      const cut = PAIRS.has(key) ? text.search(key === 'extra_hosts' ? /[=:]/ : /=/) : -1;
      const value = cut < 0 ? null : text.slice(cut + 1);
      const name = cut < 0 ? text : text.slice(0, cut);
      return [[name, { keySpan: item.span, value: { kind: 'scalar', span: item.span, value } }]];
    }),
  );
}

const mapOf = (tree: Tree, entries: readonly (readonly [string, MapEntry])[]): MapTree => ({
  kind: 'map',
  span: tree.span,
  entries: new Map(entries),
});

function joinLists(base: ListTree, over: ListTree): ListTree {
  const own = new Set(over.items.map((item) => (item.kind === 'scalar' ? item.value : item)));
  const kept = base.items.filter((item) => item.kind !== 'scalar' || !own.has(item.value));
  return { ...over, items: [...kept, ...over.items] };
}

function mergeByTarget(base: ListTree, over: ListTree): ListTree {
  const own = new Set(over.items.map(targetOf));
  return {
    ...over,
    items: [...base.items.filter((item) => !own.has(targetOf(item))), ...over.items],
  };
}

/** Where a mount or a device goes: `to` of `from:to:ro`, or what stands under `target`. */
function targetOf(item: Tree): string {
  if (item.kind === 'map') {
    const named = item.entries.get('target') ?? item.entries.get('source');
    return named?.value.kind === 'scalar' ? String(named.value.value) : '';
  }
  if (item.kind === 'list') return '';
  const [from = '', to] = String(item.value).split(':');
  return to ?? from;
}
