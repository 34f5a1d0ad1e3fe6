// One part written where several may be: a list of one from here on.
import { asList } from './merge-trees.ts';
import type { MapEntry, MapTree, Tree } from './tree.ts';

/** Changes what lies at a key; all other values stay the same. */
function atKey(tree: Tree, key: string, change: (value: Tree) => Tree): Tree {
  const entry = tree.kind === 'map' ? tree.entries.get(key) : undefined;
  if (tree.kind !== 'map' || entry === undefined) return tree;
  const entries = new Map<string, MapEntry>(tree.entries);
  return { ...tree, entries: entries.set(key, { ...entry, value: change(entry.value) }) };
}

const eachItem =
  (change: (item: Tree) => Tree) =>
  (tree: Tree): Tree =>
    tree.kind === 'list' ? { ...tree, items: tree.items.map(change) } : tree;

const eachValue =
  (change: (value: Tree) => Tree) =>
  (tree: Tree): Tree =>
    tree.kind === 'map'
      ? {
          ...tree,
          entries: new Map(
            Array.from(tree.entries, ([key, entry]) => [
              key,
              { ...entry, value: change(entry.value) },
            ]),
          ),
        }
      : tree;

const residual = (tree: Tree): Tree => atKey(tree, 'action', asList);
const actions = (tree: Tree): Tree =>
  eachItem((action) => atKey(action, 'residual', residual))(asList(tree));
const rule = (tree: Tree): Tree => atKey(atKey(tree, 'action', actions), 'residual', residual);
const program = (tree: Tree): Tree => atKey(tree, 'actions', eachValue(actions));
/** Of a censor, and of what acts on one. */
const rulesAndProgram = (tree: Tree): Tree =>
  atKey(atKey(tree, 'rules', eachItem(rule)), 'program', program);

const relayRule = (tree: Tree): Tree => atKey(tree, 'do', asList);
const proxy = (tree: Tree): Tree =>
  atKey(tree, 'relay', (relay) => atKey(relay, 'rules', eachItem(relayRule)));

/** What is done to a message, a censor, the action of a rule or of residual blocking, and what a program's verdict names. */
export function withListsOfOne(root: MapTree): MapTree {
  const censors = atKey(root, 'censor', (tree) => eachItem(rulesAndProgram)(asLoneMap(tree)));
  const proxies = atKey(censors, 'proxies', eachValue(proxy));
  const all = atKey(proxies, 'traffic', eachItem(rulesAndProgram));
  return all.kind === 'map' ? all : root;
}

/** What is neither a map nor a list is for the schema to judge. */
const asLoneMap = (tree: Tree): Tree => (tree.kind === 'map' ? asList(tree) : tree);
