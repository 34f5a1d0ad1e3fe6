import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const SETUP = join(import.meta.dirname, '../../infra/setup.sh');
const PROGRAMS = (
  'gcc g++ make python3 ip tc nft iptables ip6tables unshare nsenter setpriv mount ps sysctl ethtool slirp4netns ' +
  'dockerd docker debootstrap busybox tcpdump tshark iperf3 ping curl fish tcsh ' +
  'chromium-headless-shell certutil wireguard-go wg sshd ssh scp sudo openssl dig gtlsclient gtlsserver ovs-vswitchd ovs-ofctl ovs-testcontroller osken-manager mn brctl tcpreplay socat mitmdump docker-compose ' +
  'npm'
).split(' ');

/** A PATH that holds exactly these programs; `apt-get` writes its arguments to a file instead of installing. */
class Machine {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'setup-'));

  constructor(programs: readonly string[]) {
    for (const name of programs) this.#write(name, 'exit 0');
    this.#write('apt-get', `echo "$@" >> "${this.folder}/apt.log"`);
    this.#write('node', `exec "${process.execPath}" "$@"`);
    for (const name of ['env', 'printf']) symlinkSync(`/usr/bin/${name}`, join(this.folder, name));
  }

  /** `uid` is what `id -u` says. */
  setUp(level: string, uid: number): { code: number | null; stderr: string; installed: string } {
    this.#write('id', `echo ${uid}`);
    const script = readFileSync(SETUP, 'utf8').replace(/^PATH=.*$/m, '');
    const result = spawnSync('/bin/sh', ['-c', script, 'setup.sh', level], {
      encoding: 'utf8',
      env: { PATH: this.folder },
    });
    return { code: result.status, stderr: result.stderr, installed: this.#log() };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #write(name: string, body: string): void {
    const file = join(this.folder, name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
  }

  #log(): string {
    try {
      return readFileSync(join(this.folder, 'apt.log'), 'utf8');
    } catch {
      return '';
    }
  }
}

describe('infra/setup.sh', () => {
  const machines: Machine[] = [];
  const machine = (programs: readonly string[]): Machine => {
    const made = new Machine(programs);
    machines.push(made);
    return made;
  };
  const without = (...names: string[]): string[] =>
    PROGRAMS.filter((name) => !names.includes(name));
  after(() => machines.forEach((made) => made.remove()));

  for (const level of ['demo', 'docker', 'test', 'bench'])
    it(`${level} does nothing where nothing is missing, whoever asks`, () => {
      const result = machine(PROGRAMS).setUp(level, 1000);
      expect(result).to.deep.equal({ code: 0, stderr: '', installed: '' });
    });

  it('installs exactly what is missing, without questions, as root', () => {
    const result = machine(without('nft', 'ip6tables', 'tshark')).setUp('demo', 0);
    expect(result.code, result.stderr).to.equal(0);
    expect(result.installed).to.match(/install .*--yes .*nftables iptables\n/);
    expect(result.installed).to.not.include('tshark');
  });

  it('adds the peers of the tests, and of the benchmark, where these are asked for', () => {
    expect(machine(without('tshark', 'mn')).setUp('test', 0).installed).to.match(/ tshark\n/);
    expect(machine(without('tshark', 'mn')).setUp('bench', 0).installed).to.match(
      / tshark mininet\n/,
    );
  });

  it('names the packages and the command where it may not install, and exits 3', () => {
    const result = machine(without('nft', 'gcc', 'sudo')).setUp('demo', 1000);
    expect(result.code).to.equal(3);
    expect(result.installed).to.equal('');
    expect(result.stderr).to.include(
      'neither root nor a user whom sudo serves without a password: gcc nftables',
    );
    expect(result.stderr).to.match(/help: Run as root: .*apt-get install .*gcc nftables/);
  });

  it('refuses another level', () => {
    expect(machine(PROGRAMS).setUp('everything', 0).stderr).to.include('found "everything"');
  });
});
