// The text of an inventory → its machines. What begins with "{" is JSON, all else INI.
import type { Span } from '../../base/diagnostic.ts';
import type { Faults } from '../faults.ts';
import { type MapTree, type Tree, childOf } from '../source/tree.ts';
import { type RawInventory, assembleAnsible } from './ansible.ts';
import { isAnsible, readAnsibleJson } from './ansible-json.ts';
import { MOST_HOSTS } from './host-range.ts';
import { type Inventory, NO_INVENTORY, type Trouble } from './inventory.ts';
import { readMachineMap } from './machine-map.ts';
import { readIni } from './read-ini.ts';
import { isJson, readJson } from './read-json.ts';

/** How many groups one inventory may have. */
const MOST_GROUPS = 1000;

/** Outputs of Terraform that are machines by name. */
const OUTPUTS = ['machines', 'inventory'] as const;

const HELP = 'Give Terraform an output "machines": a map from names to { address, user }';

const BROKEN: Inventory = { ...NO_INVENTORY, isWhole: false };

/** `filePath` tells where a file lies that the inventory speaks of. Faults point into `file`. */
export function readInventory(
  file: string,
  text: string,
  filePath: (text: string, span: Span) => string,
  faults: Faults,
): Inventory {
  let isWhole = true;
  const report = ({ code, span, message, ...more }: Trouble): void => {
    isWhole &&= more.severity === 'warning';
    faults.add(code, span, message, more);
  };
  const start = { file, line: 1, column: 1, length: 1 };
  const ansible = (raw: RawInventory): Inventory => {
    if (raw.groups.size <= MOST_GROUPS && raw.hosts.size <= MOST_HOSTS)
      return assembleAnsible(raw, filePath, report);
    const message = `Expected at most ${MOST_HOSTS} hosts and ${MOST_GROUPS} groups, found ${raw.hosts.size} and ${raw.groups.size}`;
    report({ code: 'S140', span: start, message });
    return BROKEN;
  };
  const read = (): Inventory => {
    if (!isJson(text)) {
      if (!/\.ya?ml$/.test(file)) return ansible(readIni(file, text, report));
      report({
        code: 'S140',
        span: start,
        message: 'Expected an inventory in the form of INI or JSON, found YAML',
        help: `Let Ansible read it: inventory: { command: [ansible-inventory, -i, ${file}, --list] }`,
      });
      return BROKEN;
    }
    const json = readJson(file, text);
    if (!json.ok) {
      report({ code: 'S140', ...json.error });
      return BROKEN;
    }
    const tree = json.value;
    if (tree.kind !== 'map') {
      report({ code: 'S140', span: start, message: 'Expected a map, found a list', help: HELP });
      return BROKEN;
    }
    const odd = outputsOf(tree).find((output) => output.kind !== 'map');
    if (odd !== undefined) {
      const message = `Expected a map from names to machines, found ${odd.kind === 'list' ? 'a list' : 'one value'}`;
      report({ code: 'S140', span: odd.span, message, help: HELP });
      return BROKEN;
    }
    const machines = machinesIn(tree);
    if (machines !== undefined) {
      const { map, groups } = machines;
      return readMachineMap(map, groups, filePath, faults);
    }
    if (isAnsible(tree)) return ansible(readAnsibleJson(tree, report));
    report({
      code: 'S140',
      span: start,
      message: 'Expected an inventory of Ansible\'s, outputs of Terraform, or { "machines": … }',
      help: HELP,
    });
    return BROKEN;
  };
  const inventory = read();
  return { ...inventory, isWhole: inventory.isWhole && isWhole };
}

/** Values of the outputs that are to be machines. Terraform gives each output as `{ sensitive, type, value }`. */
const outputsOf = (tree: MapTree): readonly Tree[] =>
  OUTPUTS.flatMap((name) => {
    const output = tree.entries.get(name)?.value;
    const isOutput = output?.kind === 'map' && isFlag(output.entries.get('sensitive')?.value);
    return (isOutput ? childOf(output, 'value') : undefined) ?? [];
  });

/** A machine may be called "sensitive". */
const isFlag = (tree: Tree | undefined): boolean =>
  tree?.kind === 'scalar' && typeof tree.value === 'boolean';

function machinesIn(
  tree: MapTree,
): { readonly map: MapTree; readonly groups: Tree | undefined } | undefined {
  const [output] = outputsOf(tree);
  if (output?.kind === 'map') return { map: output, groups: groupsOutput(tree) };
  const plain = tree.entries.get('machines')?.value;
  if (plain?.kind === 'map' && !isGroupOfAnsible(plain))
    return { map: plain, groups: tree.entries.get('groups')?.value };
  return undefined;
}

function groupsOutput(tree: MapTree): Tree | undefined {
  const output = tree.entries.get('groups')?.value;
  return output === undefined ? undefined : childOf(output, 'value');
}

/** A group of Ansible's may be called "machines". */
const isGroupOfAnsible = (tree: MapTree): boolean =>
  ['hosts', 'children', 'vars'].some((key) => {
    const value = tree.entries.get(key)?.value;
    return key === 'vars'
      ? value?.kind === 'map' && tree.entries.has('hosts')
      : value?.kind === 'list';
  });
