// Machines by name as JSON: in the scenario's own words, or in those that outputs of Terraform mostly have.
import type { Span } from '../../base/diagnostic.ts';
import type { Faults } from '../faults.ts';
import { checkSchema, scenarioFile } from '../schema/check-schema.ts';
import { type MapTree, type Tree, childOf, spanAt, keySpanAt, treeAt } from '../source/tree.ts';
import { didYouMean } from '../suggest.ts';
import { parsePort, parseHops, isUser } from './hop-text.ts';
import {
  type Inventory,
  type InventoryMachine,
  isMachineName,
  type MachineDraft,
  type Trouble,
  WIREGUARD_PORT,
} from './inventory.ts';
import { type Written, destination, draftOfMachine } from './written-machine.ts';

/** What providers and modules call the address of a server, the best first. */
const HOST_KEYS = [
  ...['host', 'address', 'hostname', 'fqdn', 'public_dns'],
  ...['ipv4', 'ipv4_address', 'public_ip', 'public_ipv4', 'ip', 'ip_address'],
  ...['ipv6', 'ipv6_address', 'public_ipv6'],
];
const USER_KEYS = ['user', 'username', 'ssh_user'];
const IDENTITY_KEYS = ['identity', 'private_key_file', 'private_key_path'];
const UNDERLAY_KEYS = ['underlay', 'private_ip', 'private_ipv4', 'ipv4_address_private'];

type FilePath = Written['filePath'];

/** `groups` are those that stand beside the machines. */
export function readMachineMap(
  map: MapTree,
  groups: Tree | undefined,
  filePath: FilePath,
  faults: Faults,
): Inventory {
  const machines = new Map<string, InventoryMachine>();
  const members = new Map<string, string[]>();
  let isWhole = true;
  const fault = (span: Span, message: string, help?: string): void => {
    isWhole = false;
    faults.add('S140', span, message, { help });
  };
  const join = (group: string, name: string): void => {
    const known = members.get(group);
    if (known === undefined) members.set(group, [name]);
    else if (!known.includes(name)) known.push(name);
  };
  const own = ownWords(map, filePath, faults);
  for (const [name, { keySpan, value }] of map.entries) {
    if (!isMachineName(name)) {
      fault(keySpan, `Expected the name of a machine, found "${name}"`);
      continue;
    }
    const troubles: Trouble[] = [];
    const report = (trouble: Trouble): void => void troubles.push(trouble);
    const draft = own.get(name) ?? { draft: lenientDraft(value, filePath, report), troubles };
    machines.set(name, { name, span: keySpan, isLocal: false, isOff: isOff(value), ...draft });
    for (const group of textsIn(childOf(value, 'groups'))) join(group.text, name);
  }
  for (const [group, { value }] of groups?.kind === 'map' ? groups.entries : [])
    for (const { text, span } of textsIn(value))
      if (machines.has(text)) join(group, text);
      else if (!map.entries.has(text))
        fault(
          span,
          `There is no machine "${text}" in the inventory, which the group "${group}" names`,
          didYouMean(text, machines.keys()) ?? `Add "${text}" to the machines`,
        );
  return { machines, groups: new Map([...members, ['all', [...machines.keys()]]]), isWhole };
}

function isOff(tree: Tree): boolean {
  const when = childOf(tree, 'when');
  return when?.kind === 'scalar' && when.value === false;
}

const isOwnWords = (tree: Tree): boolean =>
  tree.kind === 'map' &&
  (tree.entries.has('ssh') || !HOST_KEYS.some((key) => tree.entries.has(key)));

/** Machines written as in a scenario, checked as there. */
function ownWords(
  map: MapTree,
  filePath: FilePath,
  faults: Faults,
): ReadonlyMap<string, Pick<InventoryMachine, 'draft' | 'troubles'>> {
  const entries = new Map(
    [...map.entries]
      .filter(([name, { value }]) => isMachineName(name) && isOwnWords(value))
      .map(([name, entry]) => [name, { ...entry, value: withoutGroups(entry.value) }]),
  );
  if (entries.size === 0) return new Map();
  const scalar = (value: string | number): Tree => ({ kind: 'scalar', span: map.span, value });
  const entry = (value: Tree): { readonly keySpan: Span; readonly value: Tree } => ({
    keySpan: map.span,
    value,
  });
  const none: Tree = { kind: 'map', span: map.span, entries: new Map() };
  const tree: MapTree = {
    kind: 'map',
    span: map.span,
    entries: new Map([
      ['version', entry(scalar(1))],
      ['name', entry(scalar('inventory'))],
      ['hosts', entry({ kind: 'map', span: map.span, entries: new Map([['any', entry(none)]]) })],
      ['machines', entry({ ...map, entries })],
    ]),
  };
  const checked = checkSchema(tree, faults)?.tree;
  if (checked === undefined) return new Map();
  const drafts = new Map<string, Pick<InventoryMachine, 'draft' | 'troubles'>>();
  for (const [name, machine] of Object.entries(scenarioFile(checked).machines ?? {})) {
    const troubles: Trouble[] = [];
    const draft = draftOfMachine(machine, {
      spanOf: (...keys) => placeOf(checked, ['machines', name, ...keys]),
      filePath,
      report: (trouble) => void troubles.push(trouble),
    });
    drafts.set(name, { draft, troubles });
  }
  return drafts;
}

/** A map or list is shown by its key. */
const placeOf = (tree: MapTree, path: readonly (string | number)[]): Span =>
  treeAt(tree, path)?.kind === 'scalar' ? spanAt(tree, path) : keySpanAt(tree, path);

function withoutGroups(tree: Tree): Tree {
  if (tree.kind !== 'map') return tree;
  const entries = new Map(tree.entries);
  entries.delete('groups');
  return { ...tree, entries };
}

/** Only what is known is read: outputs may say more of a server than how to reach it. */
function lenientDraft(
  tree: Tree,
  filePath: FilePath,
  report: (trouble: Trouble) => void,
): MachineDraft {
  const found = tree.kind === 'scalar' ? textOf(tree) : firstText(tree, HOST_KEYS);
  if (found === undefined) {
    report({
      code: 'S142',
      span: tree.span,
      message: 'Expected the address of a machine, found none',
      help: 'Write { "address": "198.51.100.7", "user": "lab" }',
    });
    return {};
  }
  const port = firstText(tree, ['port', 'ssh_port']);
  const user = firstText(tree, USER_KEYS);
  const identity = firstText(tree, IDENTITY_KEYS);
  const knownHosts = firstText(tree, ['knownHosts', 'known_hosts']);
  const jump = firstText(tree, ['jump', 'bastion']);
  const become = childOf(tree, 'become');
  const number = port === undefined ? undefined : parsePort(port.text);
  const hops = jump === undefined ? undefined : parseHops(jump.text);
  if (port !== undefined && number === undefined)
    report({ ...WRONG, span: port.span, message: `Expected a port, found "${port.text}"` });
  if (user !== undefined && !isUser(user.text))
    report({ ...WRONG, span: user.span, message: `Expected a user, found "${user.text}"` });
  if (jump !== undefined && hops?.ok === false)
    report({ ...WRONG, span: jump.span, message: hops.error });
  const becomes = become?.kind === 'scalar' && (become.value === 'sudo' || become.value === true);
  return {
    ...destination(found.text, found.span, { report }),
    ...(number === undefined ? {} : { port: number }),
    ...(user === undefined ? {} : { user: user.text }),
    ...(identity === undefined ? {} : { identities: [filePath(identity.text, identity.span)] }),
    ...(knownHosts === undefined
      ? {}
      : { knownHosts: [filePath(knownHosts.text, knownHosts.span)] }),
    ...(hops?.ok === true ? { jumps: hops.value } : {}),
    ...(become === undefined ? {} : { become: becomes ? 'sudo' : false }),
    ...lenientUnderlay(tree),
  };
}

const WRONG = { code: 'S142' } as const;

function lenientUnderlay(tree: Tree): MachineDraft {
  const written = childOf(tree, 'underlay');
  const address =
    written?.kind === 'map' ? firstText(written, ['address']) : firstText(tree, UNDERLAY_KEYS);
  const wireguard = childOf(written ?? tree, 'wireguard');
  const port = childOf(wireguard ?? tree, 'port');
  const isOn =
    wireguard?.kind === 'map' || (wireguard?.kind === 'scalar' && wireguard.value === true);
  const number =
    wireguard?.kind === 'map' && port?.kind === 'scalar' && typeof port.value === 'number'
      ? port.value
      : WIREGUARD_PORT;
  return {
    ...(address === undefined ? {} : { address: { value: address.text, span: address.span } }),
    ...(wireguard === undefined
      ? {}
      : { wireguard: { value: isOn ? number : false, span: wireguard.span } }),
  };
}

interface Text {
  readonly text: string;
  readonly span: Span;
}

function textOf(tree: Tree | undefined): Text | undefined {
  if (tree?.kind !== 'scalar' || tree.value === null || typeof tree.value === 'boolean')
    return undefined;
  return tree.value === '' ? undefined : { text: String(tree.value), span: tree.span };
}

function firstText(tree: Tree, keys: readonly string[]): Text | undefined {
  for (const key of tree.kind === 'map' ? keys : []) {
    const text = textOf(childOf(tree, key));
    if (text !== undefined) return text;
  }
  return undefined;
}

const textsIn = (tree: Tree | undefined): readonly Text[] =>
  tree?.kind === 'list' ? tree.items.flatMap((item) => textOf(item) ?? []) : [];
