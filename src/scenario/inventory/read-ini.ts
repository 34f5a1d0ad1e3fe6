// An inventory of Ansible's in the form of an INI file.
// https://docs.ansible.com/ansible/latest/collections/ansible/builtin/ini_inventory.html
import type { Span } from '../../base/diagnostic.ts';
import { Positions } from '../source/positions.ts';
import { didYouMean } from '../suggest.ts';
import { type RawInventory, emptyInventory, groupIn, hostIn } from './ansible.ts';
import { MOST_HOSTS, expandHosts } from './host-range.ts';
import { parsePort } from './hop-text.ts';
import { type Setting, type Trouble, isMachineName } from './inventory.ts';
import { splitWords } from './words.ts';

type Kind = 'hosts' | 'children' | 'vars';

/** A line of the file, without the blanks around it. */
interface Line {
  readonly text: string;
  readonly span: (start: number, end: number) => Span;
}

interface Section {
  readonly group: string;
  readonly kind: Kind;
}

/** Whatever cannot be read is reported; the rest is there. */
export function readIni(
  file: string,
  text: string,
  report: (trouble: Trouble) => void,
): RawInventory {
  const raw = emptyInventory();
  const mentions: { readonly group: string; readonly span: Span }[] = [];
  const declared = new Set<string>(['all', 'ungrouped']);
  let section: Section = { group: 'ungrouped', kind: 'hosts' };
  for (const line of linesOf(file, text)) {
    const whole = line.span(0, line.text.length);
    const header = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:[#;].*)?$/.exec(line.text);
    if (header === null) {
      readEntry(raw, section, line, report);
      continue;
    }
    const [, group = '', word = 'hosts'] = header;
    const kind = kindOf(word);
    if (kind === undefined) {
      report({
        code: 'S140',
        span: whole,
        message: `Expected "children" or "vars" behind the colon, found "${word}"`,
      });
      section = { group, kind: 'hosts' };
      continue;
    }
    section = { group, kind };
    groupIn(raw, group, whole);
    if (kind === 'vars') mentions.push({ group, span: whole });
    else declared.add(group);
  }
  for (const { children } of raw.groups.values())
    for (const [group, span] of children) mentions.push({ group, span });
  for (const { group, span } of mentions)
    if (!declared.has(group))
      report({
        code: 'S140',
        span,
        message: `There is no group "${group}" in the inventory`,
        help: didYouMean(group, declared) ?? `Declare it: [${group}]`,
      });
  return raw;
}

const kindOf = (word: string): Kind | undefined =>
  word === 'hosts' || word === 'children' || word === 'vars' ? word : undefined;

function* linesOf(file: string, text: string): Generator<Line> {
  const positions = new Positions(file, text);
  let offset = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    const begin = offset + line.indexOf(trimmed);
    offset += line.length + 1;
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    yield {
      text: trimmed,
      span: (start, end) => positions.span(begin + start, begin + end),
    };
  }
}

function readEntry(
  raw: RawInventory,
  { group, kind }: Section,
  line: Line,
  report: (trouble: Trouble) => void,
): void {
  const whole = line.span(0, line.text.length);
  const own = groupIn(raw, group, whole);
  if (kind === 'children') {
    const [child = ''] = line.text.split(/\s*[#;]|\s/);
    own.children.set(child, whole);
  } else if (kind === 'vars') {
    const variable = /^([^=\s]+)\s*=\s*(.*)$/.exec(line.text);
    if (variable === null)
      report({
        code: 'S140',
        span: whole,
        // The text may be a password without its "=".
        message: 'Expected a variable such as "ansible_user=lab"',
      });
    else own.variables.set(variable[1] ?? '', { text: unquoted(variable[2] ?? ''), span: whole });
  } else readHosts(raw, own.hosts, line, report);
}

/** In a line of its own, a value runs to the end of the line; quotes around all of it do not belong to it. */
function unquoted(text: string): string {
  const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(text);
  return quoted === null ? text.replace(/\s+#.*$/, '') : (quoted[2] ?? '');
}

function readHosts(
  raw: RawInventory,
  members: Set<string>,
  line: Line,
  report: (trouble: Trouble) => void,
): void {
  const whole = line.span(0, line.text.length);
  const fault = (message: string, span = whole, help?: string): void => {
    report({ code: 'S140', span, message, ...(help === undefined ? {} : { help }) });
  };
  const words = splitWords(line.text);
  if (words === undefined) {
    fault('A quote is not closed');
    return;
  }
  const [pattern, ...settings] = words;
  if (pattern === undefined) return;
  const at = line.span(pattern.start, pattern.end);
  const { host, port } = splitPattern(pattern.text);
  const hosts = expandHosts(host);
  if (!hosts.ok) {
    fault(hosts.error, at);
    return;
  }
  const variables = new Map<string, Setting>();
  if (port !== undefined) variables.set('ansible_port', { text: port, span: at });
  for (const word of settings) {
    const span = line.span(word.start, word.end);
    const equals = word.text.indexOf('=');
    if (equals < 1)
      fault(
        // The text may be a password with blanks around its "=".
        'Expected a variable such as "ansible_user=lab" behind the host',
        span,
        'One host a line; values with blanks go into quotes',
      );
    else variables.set(word.text.slice(0, equals), { text: word.text.slice(equals + 1), span });
  }
  for (const name of hosts.value) {
    if (!isMachineName(name)) {
      fault(
        `Expected the name of a machine, found "${name}"`,
        at,
        'Letters, digits, ".", "_", ":" and "-"; its address goes into ansible_host',
      );
      return;
    }
    if (raw.hosts.size >= MOST_HOSTS && !raw.hosts.has(name)) {
      fault(`Expected at most ${MOST_HOSTS} hosts in an inventory`, at);
      return;
    }
    members.add(name);
    const known = hostIn(raw, name, at);
    for (const [key, setting] of variables) known.variables.set(key, setting);
  }
}

/** `host:port`, `[v6]:port`; a range has colons within brackets, an IPv6 address several. */
function splitPattern(text: string): { readonly host: string; readonly port: string | undefined } {
  const bracketed = /^\[([0-9A-Fa-f:.%]*:[0-9A-Fa-f:.%]*:[0-9A-Fa-f:.%]*)\](?::(\d+))?$/.exec(text);
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: bracketed[2] };
  const outside = text.replaceAll(/\[[^\]]*\]/g, '');
  const tail = /:(\d+)$/.exec(text)?.[1];
  if (tail === undefined || parsePort(tail) === undefined || outside.split(':').length !== 2)
    return { host: text, port: undefined };
  return { host: text.slice(0, -tail.length - 1), port: tail };
}
