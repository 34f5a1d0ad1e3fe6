// A host's variables → how it is reached. Variables that are not about that are Ansible's business and none of ours.
// https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html#connecting-to-hosts-behavioral-inventory-parameters
import type { Span } from '../../base/diagnostic.ts';
import { isHost, isUser, parseHop, parsePort } from './hop-text.ts';
import {
  type InventoryMachine,
  type MachineDraft,
  type Setting,
  type Trouble,
  WIREGUARD_PORT,
} from './inventory.ts';
import { readSshArguments } from './ssh-arguments.ts';

export type Variables = ReadonlyMap<string, Setting>;

/** Each with the names that older inventories have for it. */
const NAMES = {
  host: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  identity: ['ansible_ssh_private_key_file', 'ansible_private_key_file'],
  arguments: ['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args'],
  connection: ['ansible_connection'],
  become: ['ansible_become', 'ansible_sudo'],
  becomeMethod: ['ansible_become_method'],
  becomeUser: ['ansible_become_user', 'ansible_sudo_user'],
  underlay: ['runner_underlay'],
  wireguard: ['runner_wireguard'],
} as const;

const PASSWORDS = [
  ...['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'],
  ...['ansible_become_pass', 'ansible_become_password', 'ansible_sudo_pass'],
];

/** Connections that are ssh. */
const SSH_CONNECTIONS = new Set([
  'ssh',
  'smart',
  'paramiko',
  'paramiko_ssh',
  'ansible.builtin.ssh',
]);
const LOCAL_CONNECTIONS = new Set(['local', 'ansible.builtin.local']);

export function draftOf(
  name: string,
  span: Span,
  variables: Variables,
  filePath: (text: string, span: Span) => string,
): Pick<InventoryMachine, 'isLocal' | 'draft' | 'troubles'> {
  const troubles: Trouble[] = [];
  const read = reader(variables, troubles);
  const connection = read('connection');
  const isLocal = connection !== undefined && LOCAL_CONNECTIONS.has(connection.text);
  if (connection !== undefined && !isLocal && !SSH_CONNECTIONS.has(connection.text))
    troubles.push({
      code: 'S142',
      span: connection.span,
      message: `Expected a machine that ssh reaches, found the connection "${connection.text}"`,
      help: 'Write ansible_connection=ssh, or put the host on another machine',
    });
  const draft: Mutable<MachineDraft> = {};
  readDestination(name, span, read, draft, troubles);
  const identity = read('identity');
  if (identity !== undefined) draft.identities = [filePath(identity.text, identity.span)];
  for (const key of NAMES.arguments) {
    const setting = readOne(variables, [key], troubles);
    if (setting !== undefined) readSshArguments(setting, draft, troubles, filePath);
  }
  readBecome(read, draft, troubles);
  readUnderlay(read, draft, troubles);
  for (const key of PASSWORDS) {
    const setting = variables.get(key);
    if (setting !== undefined)
      troubles.push({
        code: 'S148',
        severity: 'warning',
        // How long the password is stays its own affair.
        span: { ...setting.span, length: key.length },
        message: `The password in "${key}" is not used: passwords are never read from files`,
        help: 'Log in with a key; for the password of sudo, runner asks on the terminal',
      });
  }
  return { isLocal, draft, troubles };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Known {
  readonly text: string;
  readonly span: Span;
}
type Read = (key: keyof typeof NAMES) => Known | undefined;

const reader =
  (variables: Variables, troubles: Trouble[]): Read =>
  (key) =>
    readOne(variables, NAMES[key], troubles);

function readOne(
  variables: Variables,
  names: readonly string[],
  troubles: Trouble[],
): Known | undefined {
  for (const name of names) {
    const setting = variables.get(name);
    if (setting === undefined) continue;
    const { text, span } = setting;
    if (text === undefined) {
      troubles.push({ code: 'S142', span, message: `Expected "${name}" to be text` });
      return undefined;
    }
    if (!text.includes('{{')) return { text, span };
    troubles.push({
      code: 'S142',
      span,
      message: `"${name}" is a template, which only Ansible fills in`,
      help: 'Write its value, or let Ansible fill it in: inventory: { command: [ansible-inventory, -i, hosts.ini, --list] }',
    });
    return undefined;
  }
  return undefined;
}

function readDestination(
  name: string,
  span: Span,
  read: Read,
  draft: Mutable<MachineDraft>,
  troubles: Trouble[],
): void {
  const host = read('host') ?? { text: name, span };
  const parsed = parseHop(host.text.includes('@') ? '' : host.text);
  if (parsed.ok && isHost(parsed.value.host)) draft.host = parsed.value.host;
  else
    troubles.push({
      code: 'S142',
      span: host.span,
      message: `Expected a name, an address or an alias of a machine, found "${host.text}"`,
      help: 'The user goes into ansible_user',
    });
  if (parsed.ok && parsed.value.port !== null) draft.port = parsed.value.port;
  const port = read('port');
  const number = port === undefined ? undefined : parsePort(port.text);
  if (number !== undefined) draft.port = number;
  else if (port !== undefined)
    troubles.push({
      code: 'S142',
      span: port.span,
      message: `Expected a port from 1 to 65535, found "${port.text}"`,
    });
  const user = read('user');
  if (user === undefined) return;
  if (isUser(user.text)) draft.user = user.text;
  else
    troubles.push({
      code: 'S142',
      span: user.span,
      message: `Expected the name of a user, found "${user.text}"`,
    });
}

/** As Ansible reads truth values. */
export function truthOf(text: string): boolean | undefined {
  if (/^(y|yes|on|1|true|t|1\.0)$/i.test(text)) return true;
  return /^(n|no|off|0|false|f|0\.0)$/i.test(text) ? false : undefined;
}

function readBecome(read: Read, draft: Mutable<MachineDraft>, troubles: Trouble[]): void {
  const become = read('become');
  if (become === undefined) return;
  const wish = truthOf(become.text);
  if (wish === undefined) {
    const message = `Expected "yes" or "no", found "${become.text}"`;
    troubles.push({ code: 'S142', span: become.span, message });
    return;
  }
  draft.become = wish ? 'sudo' : false;
  const method = read('becomeMethod');
  if (wish && method !== undefined && !/^(ansible\.builtin\.)?sudo$/.test(method.text))
    troubles.push({
      code: 'S142',
      span: method.span,
      message: `Expected the method "sudo" to become root, found "${method.text}"`,
      help: 'Other methods are not supported: log in as root, or use sudo',
    });
  const user = read('becomeUser');
  if (wish && user !== undefined && user.text !== 'root')
    troubles.push({
      code: 'S142',
      span: user.span,
      message: `Expected to become "root", found "${user.text}"`,
      help: 'Log in as that user instead: ansible_user, without ansible_become',
    });
}

function readUnderlay(read: Read, draft: Mutable<MachineDraft>, troubles: Trouble[]): void {
  const underlay = read('underlay');
  if (underlay !== undefined) draft.address = { value: underlay.text, span: underlay.span };
  const wireguard = read('wireguard');
  if (wireguard === undefined) return;
  const { text, span } = wireguard;
  const wish = truthOf(text);
  const port = wish === undefined ? parsePort(text) : wish ? WIREGUARD_PORT : false;
  if (port !== undefined) draft.wireguard = { value: port, span };
  else
    troubles.push({
      code: 'S144',
      span,
      message: `Expected "yes", "no" or a UDP port, found "${text}"`,
    });
}
