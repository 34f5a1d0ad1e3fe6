import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { signalAll } from '../ssh/signal-all.ts';
import { type LabMachines, startMachines } from './machines.ts';
import type { ProgramEnd } from './program.ts';

const SCRIPT = resolve(import.meta.dirname, '../../../infra/lab-machines.sh');

/** Names of the network interfaces of this computer, and its mounts. */
const ownState = (): string =>
  readdirSync('/sys/class/net').join(' ') + readFileSync('/proc/self/mountinfo', 'utf8');

describe('startMachines', function () {
  this.timeout(60_000);
  let machines: LabMachines;
  let before_: string;

  before(async function () {
    if (process.getuid?.() !== 0) {
      process.stderr.write('      only root can make machines: run with sudo\n');
      this.skip();
    }
    before_ = ownState();
    machines = await startMachines({
      words: {
        1: ['disk=20m'],
        2: ['no-node', 'no-libpcap', 'old-kernel', 'sudo=password', 'login=root'],
        3: ['sudo=refused', 'no-become'],
      },
      groups: { clients: [3, 1] },
    });
  });
  after(() => machines.dispose());

  const ssh = (to: string, command: string, stdin = ''): Promise<ProgramEnd> =>
    machines.run(['ssh', '-F', machines.sshConfig, '-o', 'BatchMode=yes', to, command], { stdin });

  it('lets the controller in with its key, and knows the host keys', async () => {
    const { stdout, stderr } = await ssh('m1', 'whoami; hostname; ls -A ~ /tmp; sudo -n whoami');
    expect(stdout, stderr).to.equal('lab\nm1\n/home/lab:\n\n/tmp:\nroot\n');
    expect((await ssh('m2', 'whoami')).stdout).to.equal('root\n');
    const named = ['-o', 'HostName=2001:2::3', 'm3', 'hostname'];
    const overV6 = await machines.run(['ssh', '-F', machines.sshConfig, ...named]);
    expect(overV6.stdout, overV6.stderr).to.equal('m3\n');
  });

  it('makes a machine without Node and libpcap, with an old kernel and a sudo that asks', async () => {
    const { stdout } = await ssh(
      'lab@m2',
      'uname -r; command -v node; /sbin/ldconfig -p | grep pcap',
    );
    expect(stdout).to.match(/^2\.6\.\d+\S*\n$/);
    expect((await ssh('lab@m2', 'sudo -n whoami')).stderr).to.contain('password is required');
    const answer = `${machines.machine(2).password}\n`;
    expect((await ssh('lab@m2', "sudo -S -p '' whoami", answer)).stdout).to.equal('root\n');
  });

  it('makes a machine whose user may not become root', async () => {
    const answer = `${machines.machine(3).password}\n`;
    const { code, stderr } = await ssh('m3', "sudo -S -p '' whoami", answer);
    expect(code).to.equal(1);
    expect(stderr).to.match(/not in the sudoers file|not allowed/);
  });

  it('makes a machine whose disk is soon full', async () => {
    const { stderr } = await ssh('m1', 'head -c 30M /dev/zero > ~/big; rm ~/big');
    expect(stderr).to.contain('No space left');
  });

  it('writes an inventory with groups', () => {
    const text = readFileSync(machines.inventory, 'utf8');
    const key = `ansible_ssh_private_key_file=${machines.identity}`;
    const known = `ansible_ssh_common_args='-o UserKnownHostsFile=${machines.knownHosts}'`;
    expect(text).to.contain(
      `m1 ansible_host=198.18.0.1 ansible_user=lab ${key} ansible_become=true ${known}\n`,
    );
    expect(text).to.contain(`m2 ansible_host=198.18.0.2 ansible_user=root ${key} ${known}\n`);
    expect(text).to.contain(`m3 ansible_host=198.18.0.3 ansible_user=lab ${key} ${known}\n`);
    expect(text).to.match(/\n\[clients\]\nm3\nm1\n$/);
  });

  it('tells what runs on a machine and which interfaces it has', async () => {
    const first = machines.machine(1);
    expect(first.processes()).to.deep.equal([]);
    const session = machines.run([
      'ssh',
      '-F',
      machines.sshConfig,
      'm1',
      'echo up; exec sleep 7777',
    ]);
    await until(() => first.processes().some(({ argv }) => argv.join(' ') === 'sleep 7777'));
    expect(machines.machine(3).processes()).to.deep.equal([]);
    await first.stopSshd({ sessions: true });
    expect((await session).code).to.equal(255);
    await until(() => first.processes().every(({ argv }) => argv[0] === 'sleep'));
    signalAll(
      first.processes().map(({ pid }) => pid),
      'SIGKILL',
    );
    expect((await ssh('m1', 'true')).stderr).to.contain('refused');
    await first.startSshd();
    expect((await ssh('m1', 'true')).code).to.equal(0);
    expect([...(await first.interfaces())].toSorted()).to.deep.equal(['eth0', 'lo']);
  });

  it('cuts a machine off, noticed or not, and joins it again', async () => {
    const third = machines.machine(3);
    const carrier = async (): Promise<string> =>
      (await third.exec(['cat', '/sys/class/net/eth0/carrier'])).stdout.trim();
    const reaches = async (): Promise<boolean> =>
      (await machines.run(['ping', '-c', '1', '-W', '1', third.address])).code === 0;
    expect(await reaches()).to.equal(true);
    await third.cut();
    expect([await reaches(), await carrier()]).to.deep.equal([false, '0']);
    await third.restore();
    expect(await reaches()).to.equal(true);
    await third.dropSilently();
    expect([await reaches(), await carrier()]).to.deep.equal([false, '1']);
    await third.restore();
    expect([await reaches(), await carrier()]).to.deep.equal([true, '1']);
  });

  it('lets another host key take the place of the known one', async () => {
    await machines.machine(3).changeHostKey();
    const { code, stderr } = await ssh('m3', 'true');
    expect(code).to.equal(255);
    expect(stderr).to.contain('IDENTIFICATION HAS CHANGED');
  });

  it('keeps from this computer what root writes on a machine, wherever that is', async () => {
    const name = `written-on-m1-${process.pid}`;
    const folders = ['/usr/bin', '/usr/local/bin', '/opt', '/root', '/etc', '/var/lib', '/srv'];
    const paths = [...folders, '/home', '/tmp', '/dev/shm', '/run'].map((at) => `${at}/${name}`);
    const { code, stderr } = await machines.machine(1).exec(['touch', ...paths]);
    expect([code, stderr]).to.deep.equal([0, '']);
    // Not every folder of the root of some computer can be written on: none of them lets it through.
    const root = 'for at in / /*; do touch "$at/$1" 2>/dev/null; done; true';
    await machines.machine(1).exec(['sh', '-c', root, 'sh', name]);
    const all = readdirSync('/').map((entry) => join('/', entry, name));
    const leaked = [...paths, ...all, join('/', name)].filter((path) => existsSync(path));
    for (const path of leaked) rmSync(path);
    expect(leaked).to.deep.equal([]);
    const onOther = await machines.machine(3).exec(['ls', `/usr/bin/${name}`]);
    expect(onOther.code).to.equal(2);
  });

  it('has no way out, and touches no interface and no mount of this computer', async () => {
    const out = ['ip', 'route', 'get', '192.0.2.1'];
    expect((await machines.run(out)).stderr).to.contain('unreachable');
    expect((await machines.machine(1).exec(out)).stderr).to.contain('unreachable');
    expect(ownState()).to.equal(before_);
  });
});

describe('infra/lab-machines.sh', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'runner-lab-machines-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  before(function () {
    if (process.getuid?.() !== 0) {
      process.stderr.write('      only root can make machines: run with sudo\n');
      this.skip();
    }
  });

  it('gives the exit code of its command, which sees the controller', () => {
    const command = ['sh', '-c', 'ip -brief address show dev eth0; exit 9'];
    const { status, stdout } = run(['--machines', '1', folder, '--', ...command]);
    expect([status, stdout.split(/\s+/)[2]]).to.deep.equal([9, '198.18.0.254/24']);
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const)
    it(`leaves nothing behind after ${signal}`, async () => {
      const child = spawn(
        SCRIPT,
        ['--machines', '2', folder, '--', 'sh', '-c', 'echo $$; exec sleep 7777'],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const command = await new Promise<number>((settle) =>
        child.stdout.setEncoding('utf8').once('data', (text: string) => {
          settle(Number(text));
        }),
      );
      const file = JSON.parse(readFileSync(join(folder, 'machines.json'), 'utf8')) as {
        world: number;
        machines: { pid: number }[];
      };
      const pids = [command, file.world, ...file.machines.map(({ pid }) => pid)];
      child.kill(signal);
      await until(() => pids.every((pid) => !existsSync(`/proc/${pid}`)));
    });

  it('refuses words that it does not know', () => {
    const { status, stderr } = run(['--every', 'no-nodes', folder, '--', 'true']);
    expect([status, stderr.split('\n')[0]]).to.deep.equal([
      2,
      'lab-machines: expected a word such as sudo=password or no-node, found "no-nodes"',
    ]);
  });

  it('says that it needs root', () => {
    const { status, stderr } = spawnSync(
      'setpriv',
      ['--reuid', '65534', '--regid', '65534', '--clear-groups', SCRIPT, folder, '--', 'true'],
      { encoding: 'utf8' },
    );
    expect([status, stderr.split('\n')[0]]).to.deep.equal([
      3,
      'lab-machines: only root can make machines',
    ]);
  });
});

const run = (args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(SCRIPT, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Waits until something holds; throws after ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('Expected it to hold within 10 s');
    await new Promise((settle) => setTimeout(settle, 20));
  }
}
