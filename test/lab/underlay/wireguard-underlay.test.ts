import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createNetworkNamespace, inNamespace } from '../../../src/kernel/namespace.ts';
import { runExperiment } from '../kernel/unshared.ts';

/** Why WireGuard cannot be tried here; undefined when it can. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may enter the stacks of machines';
  if (!existsSync('/dev/net/tun')) return 'there is no /dev/net/tun';
  const folders = (process.env['PATH'] ?? '').split(':');
  const isInstalled = folders.some((folder) => existsSync(`${folder}/wireguard-go`));
  return isInstalled ? undefined : 'wireguard-go is not installed';
}

interface Mesh {
  readonly isPlainInMachine: boolean;
  readonly own: string;
  readonly peers: Readonly<Record<string, string>>;
  readonly pings: readonly string[];
  readonly link: string;
  readonly routes: string;
  readonly machineLinks: string;
  readonly machineSockets: string;
  readonly controlSockets: string;
  readonly leaks: readonly string[];
  readonly isPortTaken: string;
  readonly silence: string;
  readonly narrow: string;
}

interface Lone {
  readonly implementation: string;
  readonly publicKey: string;
  readonly shown: { readonly peers: string; readonly handshakes: string };
  readonly refused: string;
}

describe('agent/underlay with WireGuard', function () {
  this.timeout(60_000);
  const reason = obstacle();
  let found: Mesh;
  before(async function () {
    if (reason !== undefined) {
      this.test?.parent?.tests.forEach((test) => (test.title += ` (skipped: ${reason})`));
      this.skip();
    }
    found = (await runExperiment('../underlay/mesh.experiment.ts')) as unknown as Mesh;
  });

  it("prepareUnderlay() without WireGuard is the machine's own stack", () =>
    expect(found.isPlainInMachine).to.equal(true));

  it('prepareUnderlay() joins three machines: each pings the others with full packets', () => {
    expect(found.pings).to.have.length(2);
    for (const text of found.pings) expect(text).to.include(' 0% packet loss');
  });

  it("prepareUnderlay() puts the interface into the lab's segment, with a route to each peer", () => {
    expect(found.link).to.match(/^100: runner-00000000: <.*\bUP\b.*> mtu 1420 /m);
    expect(found.machineLinks).to.not.include('runner-');
    for (const peer of Object.values(found.peers))
      expect(found.routes).to.include(`${peer} dev runner-00000000 proto static scope link`);
  });

  it("prepareUnderlay() leaves the UDP socket in the machine's stack and no control socket there", () => {
    expect(found.machineSockets).to.match(/:51820\b/);
    expect(found.controlSockets).to.equal('');
  });

  it('prepareUnderlay() shows no key in any command line or environment', () =>
    expect(found.leaks).to.deep.equal([]));

  it('prepareUnderlay() says that the port is taken', () =>
    expect(found.isPortTaken).to.equal('WireGuard needs UDP port 51820, which is taken'));

  it('prepareUnderlay() names the peers that do not answer, and where they should', () =>
    expect(found.silence).to.equal(
      'No WireGuard handshake within 10 s with machine "b" at 192.0.2.101:51821, "c" at 192.0.2.102:51821',
    ));

  it('prepareUnderlay() says that the underlay is too narrow', () =>
    expect(found.narrow).to.equal(
      'The way to machine "b" (192.0.2.2) has an MTU of 600 bytes, and WireGuard needs 656',
    ));

  it('makeWireguard() leaves no process and no interface when its lab is killed', async () => {
    const machine = createNetworkNamespace();
    const script = fileURLToPath(new URL('./lone.experiment.ts', import.meta.url));
    const holder = spawn(
      'unshare',
      [
        ...['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--'],
        ...[process.execPath, '--import', 'ts-blank-space/register', script],
      ],
      { stdio: ['ignore', 'pipe', 'inherit', machine] },
    ) as ChildProcessByStdio<null, Readable, null>;
    const stack = (): string =>
      inNamespace(machine, () =>
        execFileSync('sh', ['-c', 'ip link show; ss -lun'], { encoding: 'utf8' }),
      );
    try {
      const [line] = (await once(createInterface(holder.stdout), 'line')) as [string];
      const said = JSON.parse(line) as Lone;
      expect(said.implementation).to.equal('wireguard-go');
      expect(said.shown.peers).to.equal(`${said.publicKey}\t[2001:db8::2]:51821`);
      expect(said.shown.handshakes).to.equal(`${said.publicKey}\t0`);
      expect(said.refused).to.match(
        /wireguard-go could not be started: .*Failed to create TUN device: /,
      );
      const processes = wireguardsOf('runner-0000abcd');
      expect(processes).to.have.length(1);
      holder.kill('SIGKILL');
      await once(holder, 'close');
      const end = performance.now() + 5000;
      while (wireguardsOf('runner-0000abcd').length > 0 && performance.now() < end) await sleep(20);
      expect(wireguardsOf('runner-0000abcd')).to.deep.equal([]);
      expect(stack()).to.not.match(/runner-|51820/);
    } finally {
      holder.kill('SIGKILL');
      closeSync(machine);
    }
  });
});

/** Processes of wireguard-go for an interface. */
const wireguardsOf = (name: string): string[] =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(name));

function commandOf(pid: string): string {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return command.startsWith('wireguard-go') ? command : '';
  } catch {
    return '';
  }
}
