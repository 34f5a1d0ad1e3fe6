// Text of a compose file → tree, with merge keys followed and the tags of the Compose Specification understood.
import { Pair, Scalar, YAMLMap } from 'yaml';
import type { Faults } from '../faults.ts';
import { type Dialect, readYaml } from '../source/read-yaml.ts';
import type { MapTree, Tree } from '../source/tree.ts';
import type { MarkedTree } from './merge-services.ts';

/** What stands for a tag between the YAML and the tree; a text that begins so cannot be written by accident. */
const RESET = '\uE000!reset';
const OVERRIDE = '\uE000!override';

const wrapped = (value: unknown): YAMLMap => {
  const map = new YAMLMap();
  map.items.push(new Pair(new Scalar(OVERRIDE), value));
  return map;
};

/** `!reset` takes a value away, `!override` keeps it from being merged (13-merge). */
const COMPOSE: Dialect = {
  noun: 'a compose file',
  topKeys: '"services" and "networks"',
  mergeKeys: true,
  tags: [
    { tag: '!reset', resolve: () => RESET },
    { tag: '!reset', collection: 'map', resolve: () => new Scalar(RESET) },
    { tag: '!reset', collection: 'seq', resolve: () => new Scalar(RESET) },
    { tag: '!override', resolve: (text: string) => text },
    { tag: '!override', collection: 'map', resolve: wrapped },
    { tag: '!override', collection: 'seq', resolve: wrapped },
  ],
};

export function readCompose(file: string, text: string, faults: Faults): MapTree | undefined {
  const tree = readYaml(file, text, faults, COMPOSE);
  const marked = tree && withMarks(tree, new Map());
  return marked?.kind === 'map' ? marked : undefined;
}

/** The tree with its tags as marks. Parts that an alias shares stay shared. */
function withMarks(tree: Tree, known: Map<Tree, Tree>): Tree {
  const seen = known.get(tree);
  if (seen !== undefined) return seen;
  const found = markedTree(tree, known);
  known.set(tree, found);
  return found;
}

function markedTree(tree: Tree, known: Map<Tree, Tree>): MarkedTree {
  if (tree.kind === 'scalar')
    return tree.value === RESET ? { ...tree, value: null, merging: 'reset' } : tree;
  if (tree.kind === 'list')
    return { ...tree, items: tree.items.map((item) => withMarks(item, known)) };
  const inner = tree.entries.get(OVERRIDE)?.value;
  if (inner !== undefined) return { ...withMarks(inner, known), merging: 'override' };
  const entries = Array.from(
    tree.entries,
    ([key, entry]) => [key, { ...entry, value: withMarks(entry.value, known) }] as const,
  );
  return { ...tree, entries: new Map(entries) };
}
