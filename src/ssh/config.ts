// What ssh_config(5) says about one host: the first value obtained for each keyword wins, files of keys add up. Runs no
// program and looks no name up: `Match exec` never matches, nor do criteria that need the network or a running session,
// and CanonicalizeHostName is not obeyed.
import SSHConfig from 'ssh-config';
import type { Directive, Line, Section } from 'ssh-config';
import { Fault } from '../base/fault.ts';
import { matchesPatterns } from './patterns.ts';

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** The files of an Include, in the order of their names; `from` is the file that includes. */
export type ReadInclude = (pattern: string, from: ConfigFile) => readonly ConfigFile[];

/** Who asks, and for what. */
export interface ConfigQuery {
  /** As it was written: the alias. */
  readonly host: string;
  /** Null: the configuration decides. */
  readonly user: string | null;
  readonly localUser: string;
}

/** Values by keyword in lower case, in the order in which they were obtained. */
export type Settings = ReadonlyMap<string, readonly string[]>;

/** ssh(1) stops at this depth, too. */
const DEEPEST_INCLUDE = 16;
const REPEATABLE = new Set(['identityfile', 'certificatefile']);

/** What the files say about a host, the earlier file first. Throws a machine fault where a file cannot be understood. */
export function readSettings(
  files: readonly ConfigFile[],
  query: ConfigQuery,
  readInclude: ReadInclude,
): Settings {
  const reading: Reading = {
    query,
    readInclude,
    settings: new Map(),
    isFinal: false,
    wantsFinal: false,
  };
  for (const file of files) readFile(reading, file, 0);
  if (!reading.wantsFinal) return reading.settings;
  const last: Reading = { ...reading, isFinal: true };
  for (const file of files) readFile(last, file, 0);
  return last.settings;
}

interface Reading {
  readonly query: ConfigQuery;
  readonly readInclude: ReadInclude;
  readonly settings: Map<string, string[]>;
  /** The second pass, which only a `Match final` asks for. */
  readonly isFinal: boolean;
  wantsFinal: boolean;
}

function readFile(reading: Reading, file: ConfigFile, depth: number): void {
  if (depth > DEEPEST_INCLUDE)
    throw new Fault(
      'machine',
      `"${file.path}" is included ${depth} levels deep: expected 16 at most`,
      {
        help: 'Look for files that include each other',
      },
    );
  readLines(reading, file, parse(file), depth);
}

function parse(file: ConfigFile): readonly Line[] {
  try {
    return SSHConfig.parse(file.text);
  } catch (cause) {
    throw new Fault('machine', `Cannot understand "${file.path}": ${String(cause)}`, {
      help: `Run "ssh -G -F ${file.path} example.org" to see what ssh says about it`,
      cause,
    });
  }
}

function readLines(
  reading: Reading,
  file: ConfigFile,
  lines: readonly Line[],
  depth: number,
): void {
  for (const line of lines) {
    if (!('param' in line)) continue;
    const keyword = line.param.toLowerCase();
    if (isSection(line)) {
      if (applies(reading, keyword, line)) readLines(reading, file, line.config, depth);
    } else if (keyword === 'include') {
      for (const pattern of valuesOf(line))
        for (const included of reading.readInclude(pattern, file))
          readFile(reading, included, depth + 1);
    } else keep(reading, keyword, valuesOf(line));
  }
}

const isSection = (line: Directive): line is Section => 'config' in line;

const valuesOf = ({ value }: Directive): string[] =>
  typeof value === 'string' ? [value] : value.map(({ val }) => val);

function keep({ settings }: Reading, keyword: string, values: string[]): void {
  const known = settings.get(keyword);
  if (known === undefined) settings.set(keyword, values);
  else if (REPEATABLE.has(keyword)) known.push(...values.filter((value) => !known.includes(value)));
  // "Whichever is specified first will prevent later instances of the other from taking effect."
  if (keyword === 'proxyjump' || keyword === 'proxycommand') {
    const other = keyword === 'proxyjump' ? 'proxycommand' : 'proxyjump';
    if (!settings.has(other)) settings.set(other, ['none']);
  }
}

function applies(reading: Reading, keyword: string, line: Section): boolean {
  if (keyword === 'host') return matchesPatterns(valuesOf(line), reading.query.host);
  // The package splits at "=", too: "Match host=x" and "Match host x" read alike.
  const words = valuesOf(line);
  let isMatch = words.length > 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] ?? '').toLowerCase();
    const isNegated = word.startsWith('!');
    const criterion = isNegated ? word.slice(1) : word;
    const value = ALONE.has(criterion) ? '' : (words[(at += 1)] ?? '');
    const found = judge(reading, criterion, value);
    // What cannot be judged does not match, negated or not.
    if (found === null || found === isNegated) isMatch = false;
  }
  return isMatch;
}

const ALONE = new Set(['all', 'canonical', 'final']);

function judge(reading: Reading, criterion: string, value: string): boolean | null {
  const { query, settings } = reading;
  const patterns = value.split(',');
  switch (criterion) {
    case 'all':
      return true;
    case 'final':
      reading.wantsFinal = true;
      return reading.isFinal;
    case 'canonical':
      return reading.isFinal;
    case 'host':
      return matchesPatterns(
        patterns,
        (settings.get('hostname')?.[0] ?? '%h').replaceAll('%h', query.host),
      );
    case 'originalhost':
      return matchesPatterns(patterns, query.host);
    case 'user':
      return matchesPatterns(patterns, query.user ?? settings.get('user')?.[0] ?? query.localUser);
    case 'localuser':
      return matchesPatterns(patterns, query.localUser);
    default:
      return null;
  }
}
