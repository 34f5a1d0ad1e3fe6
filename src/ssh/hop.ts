// One step of the way to a machine, with everything decided: what the scenario writes wins over ssh_config(5), which wins
// over ssh's defaults. Pure: files and environment come in.
import { isAbsolute, join, normalize } from 'node:path';
import { Fault } from '../base/fault.ts';
import type { SshHop } from '../model/machine.ts';
import { readSettings } from './config.ts';
import type { ConfigFile, ReadInclude, Settings } from './config.ts';
import { expandTokens } from './tokens.ts';
import type { SshEnvironment } from './tokens.ts';

export interface HopContext {
  /** What relative paths of the scenario are relative to; absolute. */
  readonly folder: string;
  /** The user's configuration, then the system's. */
  readonly files: readonly ConfigFile[];
  readonly readInclude: ReadInclude;
  readonly environment: SshEnvironment;
}

/** A hop as it is dialled. */
export interface Hop {
  /** As it was written. */
  readonly alias: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Under which name its key is looked up in place of its address, or null. */
  readonly hostKeyAlias: string | null;
  /** Files of known host keys, absolute; new ones would go to the first. */
  readonly knownHosts: readonly string[];
  /** Files of private keys that somebody has named, absolute, in the order in which they are tried. */
  readonly identities: readonly string[];
  /** Where ssh looks by default, tried last; empty where the configuration or the scenario takes their place. */
  readonly defaultIdentities: readonly string[];
  /** No other keys of the agent than those of the files are offered. */
  readonly identitiesOnly: boolean;
  /** The agent's socket; null: none. */
  readonly agent: string | null;
  /** Milliseconds until it must be reached and logged in to, without the time in which somebody types. */
  readonly connectTimeout: number;
  /** Milliseconds of silence after which it is asked whether it is there; 0: never. */
  readonly aliveInterval: number;
  /** After so many such intervals the connection counts as lost. */
  readonly aliveCount: number;
  /** How it is reached according to ssh_config(5), the nearest first. */
  readonly jumps: readonly SshHop[];
  /** Set where only a program could reach it. */
  readonly proxyCommand: string | null;
}

/** What the scenario writes beside host, port and user. */
export interface HopWishes {
  readonly identities: readonly string[];
  readonly knownHosts: readonly string[];
  /** They take the place of what ssh_config(5) says; otherwise they come before it. */
  readonly replace: boolean;
}

const DEFAULT_IDENTITIES = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa'];
const DEFAULT_KNOWN_HOSTS = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
const DEFAULT_GLOBAL_KNOWN_HOSTS = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

/** Decides everything about one hop. Throws a machine fault for a configuration that makes no sense. */
export function resolveHop(hop: SshHop, wishes: HopWishes, context: HopContext): Hop {
  const { environment } = context;
  const settings = readSettings(
    context.files,
    { host: hop.host, user: hop.user, localUser: environment.user },
    context.readInclude,
  );
  const first = (keyword: string): string | null => settings.get(keyword)?.[0] ?? null;
  const host = (first('hostname') ?? '%h').replaceAll(/%([%h])/g, (_, token: string) =>
    token === 'h' ? hop.host : '%',
  );
  const port = hop.port ?? readNumber(settings, 'port', 1, 65535) ?? 22;
  const user = hop.user ?? first('user') ?? environment.user;
  const hostKeyAlias = first('hostkeyalias');
  const expand = (value: string): string =>
    expandTokens(value, { host, port, user, original: hop.host, hostKeyAlias }, environment);
  const paths = (values: readonly string[]): string[] =>
    values.map((value) => inHome(expand(value), environment));
  const written = (values: readonly string[]): string[] =>
    values.map((value) => inFolder(value, context));
  const ownFiles = settings.get('identityfile')?.filter((path) => path !== 'none');
  const chosen = [
    ...written(wishes.identities),
    ...(wishes.replace && wishes.identities.length > 0 ? [] : paths(ownFiles ?? [])),
  ];
  const replacesHosts = wishes.replace && wishes.knownHosts.length > 0;
  return {
    alias: hop.host,
    host,
    port,
    user,
    hostKeyAlias,
    knownHosts: unique([
      ...written(wishes.knownHosts),
      ...(replacesHosts
        ? []
        : paths([
            ...(settings.get('userknownhostsfile') ?? DEFAULT_KNOWN_HOSTS),
            ...(settings.get('globalknownhostsfile') ?? DEFAULT_GLOBAL_KNOWN_HOSTS),
          ])),
    ]).filter((path) => path !== 'none'),
    identities: unique(chosen),
    defaultIdentities:
      ownFiles === undefined && (chosen.length === 0 || !wishes.replace)
        ? paths(DEFAULT_IDENTITIES)
        : [],
    identitiesOnly:
      first('identitiesonly') === 'yes' || (wishes.replace && wishes.identities.length > 0),
    agent: agentOf(
      first('identityagent'),
      (value) => inHome(expand(value), environment),
      environment,
    ),
    connectTimeout: (readNumber(settings, 'connecttimeout', 1, 86_400) ?? 10) * 1000,
    aliveInterval: (readNumber(settings, 'serveraliveinterval', 0, 86_400) ?? 5) * 1000,
    aliveCount: readNumber(settings, 'serveralivecountmax', 1, 1000) ?? 3,
    jumps: parseJumps(first('proxyjump') ?? 'none', (value) => expand(value)),
    proxyCommand: noneAsNull(first('proxycommand')),
  };
}

/** A comma-separated list of `[user@]host[:port]` or ssh:// addresses, the nearest first; `none` is the empty list. */
function parseJumps(list: string, expand: (value: string) => string): SshHop[] {
  if (list.toLowerCase() === 'none') return [];
  return list.split(',').map((item) => {
    const text = expand(item.trim())
      .replace(/^ssh:\/\//, '')
      .replace(/\/$/, '');
    const groups =
      /^(?:(?<user>.+)@)?(?:\[(?<v6>[^\]]+)\]|(?<host>[^:[\]\s/]+))(?::(?<port>\d+))?$/.exec(
        text,
      )?.groups;
    // An IPv6 address may stand without brackets where no port follows.
    const host =
      groups?.['v6'] ?? groups?.['host'] ?? (/^[^@[\]\s/]+$/.test(text) ? text : undefined);
    if (host === undefined)
      throw new Fault('machine', `ProxyJump names "${item}": expected [user@]host[:port]`);
    const port = groups?.['port'];
    return { host, port: port === undefined ? null : Number(port), user: groups?.['user'] ?? null };
  });
}

function readNumber(
  settings: Settings,
  keyword: string,
  least: number,
  most: number,
): number | null {
  const text = settings.get(keyword)?.[0];
  if (text === undefined || text === 'none') return null;
  const value = /^\d+$/.test(text) ? Number(text) : toSeconds(text);
  if (value === null || value < least || value > most)
    throw new Fault(
      'machine',
      `The ssh configuration sets "${keyword}" to "${text}": expected a number from ${least} to ${most}`,
    );
  return value;
}

/** A time as in sshd_config(5), section TIME FORMATS: `1m30s`. */
function toSeconds(text: string): number | null {
  if (!/^(\d+[smhdw])+$/i.test(text)) return null;
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  return [...text.toLowerCase().matchAll(/(\d+)([smhdw])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? 's'] ?? 1),
    0,
  );
}

function agentOf(
  written: string | null,
  toPath: (value: string) => string,
  { variables }: SshEnvironment,
): string | null {
  const inherited = variables['SSH_AUTH_SOCK'];
  const socket =
    written === null || written === 'SSH_AUTH_SOCK'
      ? inherited
      : /^\$\w+$/.test(written)
        ? variables[written.slice(1)]
        : toPath(written);
  return socket === undefined || socket === '' || socket === 'none' ? null : socket;
}

const noneAsNull = (value: string | null): string | null =>
  value === null || value.toLowerCase() === 'none' ? null : value;

/** ssh itself takes paths of its configuration that are neither absolute nor below `~` from where it runs. */
const inHome = (path: string, { home }: SshEnvironment): string =>
  path === '~' || path.startsWith('~/') ? normalize(join(home, path.slice(1))) : path;

const inFolder = (path: string, { folder, environment }: HopContext): string => {
  const full = inHome(path, environment);
  return isAbsolute(full) ? full : join(folder, full);
};

const unique = (paths: readonly string[]): string[] => [...new Set(paths)];
