// Options of ssh(1) in an inventory: those that say which way to go are followed, those about comfort are none of ours.
import type { Span } from '../../base/diagnostic.ts';
import type { Result } from '../../base/result.ts';
import type { SshHop } from '../../model/machine.ts';
import { isUser, parseHop, parseHops, parsePort } from './hop-text.ts';
import type { MachineDraft, Trouble } from './inventory.ts';
import { splitWords } from './words.ts';

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
    troubles.push({ code: 'S142', span, message: `A quote is not closed in "${text}"` });
    return;
  }
  const follow = (name: string, value: string): void => {
    const trouble = followOption(name.toLowerCase(), value, draft, (file) => filePath(file, span));
    if (trouble !== undefined) troubles.push({ code: 'S142', span, ...trouble });
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const letter = word.charAt(1);
    if (!word.startsWith('-') || !WITH_VALUE.includes(letter) || letter === '') continue;
    const value = word.length > 2 ? word.slice(2) : (words[(at += 1)] ?? '');
    const named = LETTERS[letter];
    if (letter === 'o') {
      const [, name = '', rest = ''] = /^\s*([A-Za-z]+)\s*[=\s]\s*(.*)$/s.exec(value) ?? [];
      follow(name, rest.replace(/^"(.*)"$/s, '$1'));
    } else if (named !== undefined) follow(named, value);
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  J: 'proxyjump',
  i: 'identityfile',
  l: 'user',
  p: 'port',
  F: '-f',
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
      if (value === 'none') return undefined;
      const hop = hopOfCommand(value);
      if (hop !== undefined) return jump({ ok: true, value: [hop] }, draft);
      return {
        message: `The way through "${value}" is not one that runner can go`,
        help: 'Write -J user@gate, or put the machine into ~/.ssh/config and name its alias',
      };
    }
    case 'identityfile':
      draft.identities = [...(draft.identities ?? []), filePath(value)];
      return undefined;
    case 'userknownhostsfile':
      // Whoever writes /dev/null wants no check; there always is one.
      if (value !== '/dev/null') draft.knownHosts = value.split(/\s+/).map(filePath);
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
    case '-f':
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
  if (!hops.ok) return { message: hops.error };
  draft.jumps = hops.value;
  return undefined;
}

/** `ssh -W %h:%p user@gate`, which is what `-J user@gate` stands for. */
function hopOfCommand(command: string): SshHop | undefined {
  const words = (splitWords(command) ?? []).map((word) => word.text);
  if (!/(^|\/)ssh$/.test(words[0] ?? '') || !/\s-\S*W\s*['"]?\[?%h\]?:%p/.test(command))
    return undefined;
  let target: string | undefined;
  const given: { port?: number; user?: string } = {};
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      target ??= word;
      continue;
    }
    // Letters without values may come first: -qW.
    const letter = Array.from(word.slice(1)).find((char) => WITH_VALUE.includes(char));
    if (letter === undefined) continue;
    const inline = word.slice(word.indexOf(letter) + 1);
    const value = inline === '' ? (words[(at += 1)] ?? '') : inline;
    const port = letter === 'p' ? parsePort(value) : undefined;
    if (port !== undefined) given.port = port;
    if (letter === 'l') given.user = value;
  }
  const hop = parseHop(target ?? '');
  if (!hop.ok) return undefined;
  const { host, port, user } = hop.value;
  return { host, port: given.port ?? port, user: given.user ?? user };
}
