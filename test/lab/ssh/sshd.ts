// A real sshd on loopback with a configuration, host keys and authorized keys of its own.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { signalAll } from './signal-all.ts';

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface SshdOptions {
  readonly address?: string;
  /** The types of its host keys. */
  readonly hostKeys?: readonly KeyType[];
  /** Lines of sshd_config(5), which come before the module's own. */
  readonly config?: readonly string[];
  /** Somebody who has no account on this computer, but for this sshd; needs root. */
  readonly account?: Account;
}

export interface Account {
  readonly name: string;
  readonly password: string;
}

export interface Sshd {
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  readonly pid: number;
  /** Where the public keys of those who may log in are. */
  readonly authorizedKeys: string;
  /** Its line of a known_hosts file. */
  knownHost(type?: KeyType): string;
  /** The processes that serve connections, by parent. */
  sessions(): number[];
  stop(): Promise<void>;
}

/** Starts it; root, and whoever else has an account, may log in with a key in `authorizedKeys`. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const { address = '127.0.0.1', hostKeys = ['ed25519'], config = [], account } = options;
  const folder = mkdtempSync(join(tmpdir(), 'sshd-'));
  // Its own wish, which containers without an init do not fulfil.
  mkdirSync('/run/sshd', { recursive: true });
  for (const type of hostKeys) makeKey(join(folder, `host_${type}`), { type });
  const port = await freePort(address);
  const authorizedKeys = join(folder, 'authorized_keys');
  writeFileSync(authorizedKeys, '');
  writeFileSync(
    join(folder, 'sshd_config'),
    [
      ...config,
      `ListenAddress ${address.includes(':') ? `[${address}]` : address}:${port}`,
      ...hostKeys.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
      `AuthorizedKeysFile ${authorizedKeys}`,
      `PidFile ${join(folder, 'pid')}`,
      'PermitRootLogin yes',
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      ...(config.some((line) => line.startsWith('Subsystem'))
        ? []
        : ['Subsystem sftp internal-sftp']),
      '',
    ].join('\n'),
  );
  const argv = ['/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'sshd_config')];
  const [program = '', ...rest] = account === undefined ? argv : withAccount(folder, account, argv);
  const sshd = spawn(program, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await listens(sshd);
  return {
    folder,
    address,
    port,
    pid: sshd.pid ?? 0,
    authorizedKeys,
    knownHost: (type = 'ed25519') => {
      const [kind, key] = readFileSync(join(folder, `host_${type}.pub`), 'utf8').split(' ');
      return `[${address}]:${port} ${kind ?? ''} ${key ?? ''}\n`;
    },
    sessions: () => childrenOf(sshd.pid ?? 0),
    stop: async () => {
      const sessions = childrenOf(sshd.pid ?? 0);
      const ended = sshd.exitCode === null ? once(sshd, 'exit') : Promise.resolve();
      sshd.kill();
      await ended;
      signalAll(sessions, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Has a program see accounts with one more, and a PAM that asks for passwords only: in a mount namespace of its own. */
function withAccount(
  folder: string,
  { name, password }: Account,
  argv: readonly string[],
): readonly string[] {
  const hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password })
    .toString()
    .trim();
  const files: Readonly<Record<string, string>> = {
    passwd: `${readFileSync('/etc/passwd', 'utf8').trimEnd()}\n${name}:x:64999:64999::/:/bin/sh\n`,
    shadow: `${readFileSync('/etc/shadow', 'utf8').trimEnd()}\n${name}:${hash}:20000:0:99999:7:::\n`,
    'pam.d/sshd': ['auth', 'account', 'session']
      .map((what) => `${what} required ${what === 'session' ? 'pam_permit' : 'pam_unix'}.so\n`)
      .join(''),
  };
  const binds = Object.entries(files).flatMap(([file, content], index) => {
    const path = join(folder, `account-${index}`);
    writeFileSync(path, content);
    return [path, `/etc/${file}`];
  });
  const script =
    'while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit; shift 2; done; shift; exec "$@"';
  return ['unshare', '--mount', 'sh', '-c', script, 'sh', ...binds, '--', ...argv];
}

/** Makes a key pair at `path` and `path`.pub; gives the line for authorized_keys. */
export function makeKey(
  path: string,
  { type = 'ed25519', passphrase = '', format }: KeyOptions = {},
): string {
  const more = format === undefined ? [] : ['-m', format];
  execFileSync('ssh-keygen', [
    '-q',
    '-t',
    type,
    '-N',
    passphrase,
    '-C',
    'test',
    ...more,
    '-f',
    path,
  ]);
  return readFileSync(`${path}.pub`, 'utf8');
}

export interface KeyOptions {
  readonly type?: KeyType;
  readonly passphrase?: string;
  /** OpenSSH's own, unless named: `PEM`. */
  readonly format?: string;
}

/** The ssh-agent's socket; ended by its process. */
export async function startSshAgent(
  folder: string,
): Promise<{ readonly socket: string; readonly stop: () => Promise<void> }> {
  const socket = join(folder, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  // It prints the socket's path once it listens.
  await once(agent.stdout, 'data');
  return {
    socket,
    stop: async () => {
      const ended = once(agent, 'exit');
      agent.kill();
      await ended;
    },
  };
}

async function listens(sshd: ChildProcess): Promise<void> {
  const said: string[] = [];
  if (sshd.stderr === null) throw new Error('sshd has no stderr');
  for await (const line of createInterface(sshd.stderr)) {
    said.push(line);
    if (line.startsWith('Server listening')) {
      sshd.stderr.resume();
      return;
    }
  }
  throw new Error(`sshd did not start: ${said.join('\n')}`);
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
