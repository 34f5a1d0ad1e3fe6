import type { MapEntry, MapTree, Path, Tree } from '../source/tree.ts';

interface Cut {
  readonly below: Map<string, Cut>;
  whole: boolean;
}

/**
 * The tree without what lies at `paths`. At the top, a missing `version` or `name` is stood in for; undefined when the
 * top itself is beyond that.
 */
export function without(root: MapTree, paths: readonly Path[]): MapTree | undefined {
  const cuts: Cut = { below: new Map(), whole: false };
  for (const path of paths) {
    let at = cuts;
    for (const step of path) {
      const key = String(step);
      const next = at.below.get(key) ?? { below: new Map<string, Cut>(), whole: false };
      at.below.set(key, next);
      at = next;
    }
    if (path.length > 0) at.whole = true;
  }
  const left = cut(root, cuts);
  if (left.kind !== 'map') return undefined;
  if (!left.entries.has('hosts') && !left.entries.has('containers')) return undefined;
  const entries = new Map(left.entries);
  for (const [key, value] of [
    ['version', 1],
    ['name', 'unnamed'],
  ] as const)
    if (!entries.has(key))
      entries.set(key, { keySpan: left.span, value: { kind: 'scalar', span: left.span, value } });
  return { ...left, entries };
}

function cut(tree: Tree, cuts: Cut): Tree {
  if (tree.kind === 'scalar' || cuts.below.size === 0) return tree;
  if (tree.kind === 'list') {
    const items = tree.items.flatMap((item, index) => {
      const below = cuts.below.get(String(index));
      return below === undefined ? [item] : below.whole ? [] : [cut(item, below)];
    });
    return { ...tree, items };
  }
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of tree.entries) {
    const below = cuts.below.get(key);
    if (below === undefined) entries.set(key, entry);
    else if (!below.whole) entries.set(key, { ...entry, value: cut(entry.value, below) });
  }
  return { ...tree, entries };
}
