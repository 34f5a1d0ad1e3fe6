// A dynamic inventory of Ansible's: what `ansible-inventory --list` and inventory scripts print.
// https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html#inventory-script-conventions
import type { MapTree, Tree } from '../source/tree.ts';
import { type RawInventory, emptyInventory, groupIn, hostIn } from './ansible.ts';
import { type Setting, type Trouble, isMachineName } from './inventory.ts';

/** Whether a map of JSON is one: it has `_meta`, or all that it has are groups. */
export function isAnsible({ entries }: MapTree): boolean {
  if (entries.has('_meta')) return true;
  return entries.size > 0 && [...entries.values()].every(({ value }) => isGroup(value));
}

const isGroup = (tree: Tree): boolean =>
  tree.kind === 'list'
    ? tree.items.every((item) => item.kind === 'scalar' && typeof item.value === 'string')
    : tree.kind === 'map' &&
      [...tree.entries.keys()].every((key) => ['hosts', 'children', 'vars'].includes(key));

export function readAnsibleJson(tree: MapTree, report: (trouble: Trouble) => void): RawInventory {
  const raw = emptyInventory();
  const host = (name: string, item: Pick<Tree, 'span'>): boolean => {
    if (isMachineName(name)) {
      hostIn(raw, name, item.span);
      return true;
    }
    const message = `Expected the name of a machine, found "${name}"`;
    report({
      code: 'S140',
      span: item.span,
      message,
      help: 'Letters, digits, ".", "_", ":" and "-"; its address goes into ansible_host',
    });
    return false;
  };
  for (const [name, { keySpan, value }] of tree.entries) {
    if (name === '_meta') continue;
    const group = groupIn(raw, name, keySpan);
    for (const [text, item] of namesIn(partOf(value, 'hosts') ?? value))
      if (host(text, item)) group.hosts.add(text);
    for (const [text, item] of namesIn(partOf(value, 'children'))) {
      group.children.set(text, item.span);
      groupIn(raw, text, item.span);
    }
    addVariables(group.variables, partOf(value, 'vars'));
  }
  const variables = partOf(partOf(tree, '_meta'), 'hostvars');
  for (const [name, { keySpan, value }] of variables?.kind === 'map' ? variables.entries : [])
    if (host(name, { span: keySpan })) addVariables(hostIn(raw, name, keySpan).variables, value);
  return raw;
}

const partOf = (tree: Tree | undefined, key: string): Tree | undefined =>
  tree?.kind === 'map' ? tree.entries.get(key)?.value : undefined;

/** The texts of a list. */
function namesIn(tree: Tree | undefined): readonly (readonly [string, Pick<Tree, 'span'>])[] {
  if (tree?.kind !== 'list') return [];
  return tree.items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [[item.value, item] as const] : [],
  );
}

function addVariables(variables: Map<string, Setting>, tree: Tree | undefined): void {
  if (tree?.kind !== 'map') return;
  for (const [name, { value }] of tree.entries)
    // What is null is as if it were not there.
    if (value.kind !== 'scalar') variables.set(name, { text: undefined, span: value.span });
    else if (value.value !== null)
      variables.set(name, { text: String(value.value), span: value.span });
}
