// Options of ssh(1) in an inventory: those that say which way to go are followed, those about comfort are none of ours.
import type { Span } from '../../base/diagnostic.ts';
import type { Result } from '../../base/result.ts';
import type { SshHop } from '../../model/machine.ts';
import { withoutSecret } from './hide-secrets.ts';
import { isUser, parseHop, parseHops, parsePort } from './hop-text.ts';
import type { MachineDraft, Trouble } from './inventory.ts';
import { splitWords } from './words.ts';
import { listed } from '../text.ts';

type Draft = { -readonly [K in keyof MachineDraft]: MachineDraft[K] };

/** Options of one letter that take a value (ssh(1)). */
const WITH_VALUE = 'BbcDEeFIiJLlmOoPpQRSWw';

export function readSshArguments(
  { text, span }: { readonly text: string; readonly span: Span },
  draft: Draft,
  troubles: Trouble[],
  filePath: (text: string, span: Span) => string,
): void {
  const words = splitWords(text)?.map((word) => word.text);
  if (words === undefined) {
    troubles.push({
      code: 'S142',
      span,
      message: `A quote is not closed in "${withoutSecret(text)}"`,
    });
    return;
  }
  const follow = (name: string, value: string): void => {
    const trouble = followOption(name, value, draft, (file) => filePath(file, span));
    if (trouble !== undefined) troubles.push({ code: 'S142', span, ...trouble });
  };
  for (const { name, value } of optionsOf(words)) if (name !== '') follow(name, value);
}

interface Option {
  /** As ssh_config(5) calls it, or the letter of one that it does not have; empty for what is no option. */
  readonly name: string;
  readonly value: string;
}

/** Options with values and what is no option, in order; switches are left out. Letters of switches may come first: `-qW`. */
function* optionsOf(words: readonly string[]): Generator<Option> {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      yield { name: '', value: word };
      continue;
    }
    const letter = Array.from(word.slice(1)).find((char) => WITH_VALUE.includes(char));
    if (letter === undefined) continue;
    const inline = word.slice(word.indexOf(letter) + 1);
    const value = inline === '' ? (words[(at += 1)] ?? '') : inline;
    if (letter === 'o') {
      const [, name = '', rest = ''] = /^\s*([A-Za-z]+)\s*[=\s]\s*(.*)$/s.exec(value) ?? [];
      yield { name: name.toLowerCase(), value: rest.replace(/^"(.*)"$/s, '$1') };
    } else yield { name: LETTERS[letter] ?? `-${letter}`, value };
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  J: 'proxyjump',
  i: 'identityfile',
  l: 'user',
  p: 'port',
};

type Said = Pick<Trouble, 'message'> & Partial<Pick<Trouble, 'help' | 'severity' | 'code'>>;

/** What is written by itself (ansible_user, ansible_port) wins over what an argument says. */
function followOption(
  name: string,
  value: string,
  draft: Draft,
  filePath: (text: string) => string,
): Said | undefined {
  switch (name) {
    case 'proxyjump':
      return jump(parseHops(value), draft);
    case 'proxycommand': {
      const way = value === 'none' ? { hops: [], lost: [] } : wayOfCommand(value);
      // Only the first way counts, as in ssh(1).
      if (way === undefined && draft.jumps !== undefined) return undefined;
      if (way === undefined)
        return {
          message: `The way through "${withoutSecret(value)}" is not one that runner can go`,
          help: 'Write -J user@gate, or put the machine into ~/.ssh/config and name its alias',
        };
      draft.jumps ??= way.hops;
      if (way.lost.length === 0) return undefined;
      return {
        code: 'S148',
        severity: 'warning',
        message: `On the way through "${withoutSecret(value)}", ${listed(way.lost, 'and')} ${way.lost.length === 1 ? 'is' : 'are'} not followed`,
        help: 'Put the machine that the way leads through into ~/.ssh/config',
      };
    }
    case 'identityfile':
      draft.identities = [...(draft.identities ?? []), filePath(value)];
      return undefined;
    case 'userknownhostsfile':
      // Whoever writes /dev/null wants no check; there always is one.
      if (value !== '/dev/null') draft.knownHosts ??= value.split(/\s+/).map(filePath);
      return value === '/dev/null' ? CHECKED : undefined;
    case 'stricthostkeychecking':
      return /^(no|off|accept-new)$/i.test(value) ? CHECKED : undefined;
    case 'user':
      if (isUser(value)) draft.user ??= value;
      return undefined;
    case 'port': {
      const port = parsePort(value);
      if (port !== undefined) draft.port ??= port;
      return undefined;
    }
    case '-F':
      return {
        code: 'S148',
        severity: 'warning',
        message: `The configuration of ssh in "${value}" is not read: ~/.ssh/config is`,
      };
    default:
      return undefined;
  }
}

const CHECKED: Said = {
  code: 'S148',
  severity: 'warning',
  message: 'The wish not to check host keys is not followed: they always are checked',
  help: 'Accept the key once: ssh-keyscan, or a first login with ssh',
};

function jump(hops: Result<readonly SshHop[], string>, draft: Draft): Said | undefined {
  if (draft.jumps !== undefined) return undefined;
  if (!hops.ok) return { message: hops.error };
  draft.jumps = hops.value;
  return undefined;
}

interface Way {
  readonly hops: readonly SshHop[];
  /** What is said about the way and not followed. */
  readonly lost: readonly string[];
}

/** `ssh -W %h:%p user@gate`, which is what `-J user@gate` stands for. */
function wayOfCommand(command: string): Way | undefined {
  const words = (splitWords(command) ?? []).map((word) => word.text);
  if (!/(^|\/)ssh$/.test(words[0] ?? '') || !/\s-\S*W\s*['"]?\[?%h\]?:%p/.test(command))
    return undefined;
  let target: string | undefined;
  const given: { port?: number | undefined; user?: string; jumps?: readonly SshHop[] } = {};
  const lost: string[] = [];
  for (const { name, value } of optionsOf(words.slice(1)))
    if (name === '') target ??= value;
    else if (name === 'port') given.port ??= parsePort(value);
    else if (name === 'user') given.user ??= value;
    else if (name === 'proxyjump') {
      const hops = parseHops(value);
      if (!hops.ok) return undefined;
      given.jumps ??= hops.value;
    } else if (name === 'proxycommand') return undefined;
    else if (LEADING.has(name)) lost.push(`${SPELLED[name] ?? `-o ${name}`} ${value}`);
  const hop = parseHop(target ?? '');
  if (!hop.ok || (given.user !== undefined && !isUser(given.user))) return undefined;
  const { host, port, user } = hop.value;
  const last = { host, port: given.port ?? port, user: given.user ?? user };
  return { hops: [...(given.jumps ?? []), last], lost };
}

/** Options that decide where a way leads and who is let in; others are about comfort. */
const LEADING: ReadonlySet<string> = new Set([
  ...['identityfile', '-F', 'hostname', 'certificatefile', 'identityagent'],
  ...['userknownhostsfile', 'stricthostkeychecking', 'hostkeyalias'],
]);
const SPELLED: Readonly<Record<string, string>> = { identityfile: '-i', '-F': '-F' };
