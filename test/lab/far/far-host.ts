// A machine for tests: sshd(8) with users of its own, in mount and PID namespaces whose end takes all with them. What is
// changed of /etc, /home and /usr is changed in there alone.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanMachine } from '../../../src/model/machine.ts';

export const PASSWORD = 'correct horse';

export interface FarHostOptions {
  /** The line of sudoers(5) for the user, without its name. */
  readonly sudo?: string;
  readonly shell?: string;
  /** More shell commands, run as root in there before sshd. */
  readonly setup?: string;
  /** Words before sshd's own. */
  readonly under?: readonly string[];
}

export interface FarHost {
  readonly machine: PlanMachine;
  /** Of whoever tests: here are its keys. */
  readonly folder: string;
  /** Runs a script as root in there. */
  run(script: string): string;
  /** The pids of its sshd processes, as this machine numbers them. */
  sshds(): number[];
  /** The pids of processes there whose command line holds the text. */
  find(text: string): number[];
  stop(): Promise<void>;
}

const USER = 'edge';
const UID = 7001;

export async function startFarHost(options: FarHostOptions = {}): Promise<FarHost> {
  const folder = mkdtempSync('/tmp/far-host-');
  const port = await freePort();
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const hostKey = readFileSync(join(folder, 'host.pub'), 'utf8');
  writeFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${hostKey}`);
  for (const file of ['passwd', 'shadow', 'group'])
    writeFileSync(join(folder, file), readFileSync(`/etc/${file}`), { mode: 0o640 });
  const hash = execFileSync('openssl', ['passwd', '-6', PASSWORD], { encoding: 'utf8' }).trim();
  const { shell = '/bin/sh', sudo, setup = '', under = [] } = options;
  append(join(folder, 'passwd'), `${USER}:x:${UID}:${UID}::/home/${USER}:${shell}\n`);
  append(join(folder, 'shadow'), `${USER}:${hash}:19000:0:99999:7:::\n`);
  append(join(folder, 'group'), `${USER}:x:${UID}:\n`);
  execFileSync('chmod', ['644', join(folder, 'passwd'), join(folder, 'group')]);
  writeFileSync(
    join(folder, 'sudoers'),
    `Defaults env_reset, use_pty\nDefaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\nroot ALL=(ALL:ALL) ALL\n${sudo === undefined ? '' : `${USER} ${sudo}\n`}`,
    { mode: 0o440 },
  );
  writeFileSync(
    join(folder, 'sshd_config'),
    [
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${join(folder, 'host')}`],
      ...[`AuthorizedKeysFile ${join(folder, 'user.pub')}`, 'StrictModes no', 'UsePAM no'],
      ...['PasswordAuthentication no', 'PidFile none', 'MaxStartups 100', 'UseDNS no'],
      'Subsystem sftp internal-sftp',
    ].join('\n'),
  );
  mkdirSync('/run/sshd', { recursive: true });
  execFileSync('chmod', ['755', folder]);
  const script = [
    'set -e',
    ...['passwd', 'shadow', 'group', 'sudoers'].map(
      (file) => `mount --bind ${join(folder, file)} /etc/${file}`,
    ),
    'mount -t tmpfs -o mode=755 tmpfs /home',
    `mkdir /home/${USER}`,
    `chown ${UID}:${UID} /home/${USER}`,
    'mount -t tmpfs -o mode=700 tmpfs /root',
    setup,
    `exec ${under.join(' ')} /usr/sbin/sshd -D -e -f ${join(folder, 'sshd_config')}`,
  ].join('\n');
  const child = spawn(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--', 'sh', '-c', script],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C' },
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text));
  await reachable(port, child, () => said);
  const init = (): number =>
    Number(readFileSync(`/proc/${child.pid ?? 0}/task/${child.pid ?? 0}/children`, 'utf8').trim());
  const pids = (): { pid: number; command: string }[] => {
    return readdirSync('/proc').flatMap((name) => {
      try {
        if (!/^\d+$/.test(name) || !isBelow(Number(name), child.pid ?? 0)) return [];
        return [
          {
            pid: Number(name),
            command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
          },
        ];
      } catch {
        return [];
      }
    });
  };
  return {
    folder,
    machine: {
      name: 'edge',
      ssh: {
        ...{ host: '127.0.0.1', port, user: USER, jumps: null },
        ...{ identities: [join(folder, 'user')], knownHosts: [join(folder, 'known_hosts')] },
      },
      become: null,
      underlay: { address: null, wireguard: null },
      deadMan: 60_000,
    },
    run: (text) =>
      execFileSync('nsenter', ['-t', String(init()), '-m', '-p', '--', 'sh', '-c', text], {
        encoding: 'utf8',
      }),
    sshds: () =>
      pids().flatMap(({ pid, command }) => (/^sshd|^\/usr\/sbin\/sshd/.test(command) ? [pid] : [])),
    find: (text) => pids().flatMap(({ pid, command }) => (command.includes(text) ? [pid] : [])),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether it is a descendant; the first process of a PID namespace takes in the orphans. */
function isBelow(pid: number, ancestor: number): boolean {
  for (let at = pid; at > 1;) {
    at = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${at}/status`, 'utf8'))?.[1] ?? 0);
    if (at === ancestor) return true;
  }
  return false;
}

const append = (file: string, text: string): void => {
  writeFileSync(file, text, { flag: 'a' });
};

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function reachable(port: number, child: ChildProcess, said: () => string): Promise<void> {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${said()}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        resolve(true);
        socket.destroy();
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    await sleep(10);
  }
  throw new Error(`sshd does not listen: ${said()}`);
}
