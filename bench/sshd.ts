// An sshd(8) of our own on loopback, for whoever runs the benchmark: with its own keys, and a cache that goes with it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface BenchSshd {
  readonly port: number;
  readonly user: string;
  /** Files. */
  readonly identity: string;
  readonly knownHosts: string;
  stop(): void;
}

const READY_MS = 10_000;

/** What a person's shell does before a command is theirs, and no measure of ours: the home that root's login finds is empty. */
const EMPTY_HOME = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs home "$0" && exec "$@"'];

export async function startSshd(folder: string): Promise<BenchSshd> {
  const port = await freePort();
  const [hostKey, identity] = ['host', 'user'].map((name) => join(folder, name));
  for (const file of [hostKey, identity])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', String(file)]);
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
  const config = join(folder, 'sshd_config');
  writeFileSync(
    config,
    `ListenAddress 127.0.0.1:${port}
HostKey ${hostKey}
AuthorizedKeysFile ${identity}.pub
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
MaxStartups 100
SetEnv XDG_CACHE_HOME=${join(folder, 'cache')}
Subsystem sftp internal-sftp
`,
  );
  const isRoot = process.getuid?.() === 0;
  // Where Debian's sshd, started by root, goes before a login.
  if (isRoot) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const program = ['/usr/sbin/sshd', '/usr/bin/sshd'].find(existsSync) ?? 'sshd';
  const through = isRoot ? [...EMPTY_HOME, homedir()] : [];
  const [command, ...argv] = [...through, program, '-D', '-e', '-f', config];
  const child = spawn(command, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await untilListening(port, child, () => said);
  return {
    ...{ port, user: userInfo().username, identity: String(identity), knownHosts },
    stop: () => void child.kill(),
  };
}

function freePort(): Promise<number> {
  return new Promise((settle, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        settle(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}

async function untilListening(
  port: number,
  child: ChildProcess,
  said: () => string,
): Promise<void> {
  const deadline = performance.now() + READY_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`sshd does not listen: ${said()}`);
    await sleep(20);
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
  });
