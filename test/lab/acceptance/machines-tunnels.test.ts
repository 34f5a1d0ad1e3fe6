// CoMPS over three machines: the client, its proxies and the exit each on another, none of them this one. Keys agree, the client
// migrates there, and what is counted, told and captured comes home.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { IS_ROOT, apply, scratch } from './support/runner.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';
import type { RunManifest } from '../../../src/model/run.ts';
import type { LabMachines } from '../machines/machines.ts';
import { startMachines } from '../machines/machines.ts';

describe('tunnels across machines', function () {
  this.timeout(180_000);
  const folder = scratch('machines-tunnels');
  let machines: LabMachines | undefined;

  before(async function () {
    if (!IS_ROOT) {
      process.stderr.write('      only root can make machines: run with sudo\n');
      this.skip();
    }
    machines = await startMachines({ machines: 3 });
  });
  after(async () => {
    await machines?.dispose();
    folder.remove();
  });

  it('shake hands, migrate, and tell of it here', async () => {
    const on = machines;
    if (!on) throw new Error('The machines are up');
    const file = join(folder.path, 'far-tunnels.yaml');
    // Nothing serves: keys must agree all the same.
    writeFileSync(
      file,
      `version: 1
name: far-tunnels
inventory: ${on.inventory}
hosts:
  client: { on: m1 }
  proxy1: { on: m2 }
  proxy2: { on: m2 }
  exit: { on: m3 }
  server: { on: m3 }
networks:
  internet: { members: [client, proxy1, proxy2, exit] }
  web: { members: [exit, server] }
tunnels:
  wgnet1: { wireguard: { client: client, server: proxy1 } }
  wgnet2: { wireguard: { client: client, server: proxy2 } }
  wg0:
    wireguard: { client: client, server: exit }
    over: [wgnet1, wgnet2]
    migrate: { policy: round-robin, every: 100ms }
traffic:
  - { name: begin, tunnel: wg0, enabled: true, at: 200ms }
  - { name: ping, from: client, run: [ping, -n, -c, "20", -i, "0.1", server] }
  - { name: end, tunnel: wg0, enabled: false, after: ping }
  - { name: home, tunnel: wg0, over: wgnet1, after: end }
  - { name: away, tunnel: wg0, over: wgnet2, after: home }
captures:
  - { on: client, network: wgnet1, filter: udp }
  - { on: client, network: wgnet2, filter: udp }
  - { on: exit, network: wg0, filter: icmp }
expect:
  - { flow: ping, failure: null, exitCode: 0 }
  - { tunnel: wgnet1, handshake: true }
  - { tunnel: wgnet2, handshake: true }
  - { tunnel: wg0, handshake: true, leaked: 0, minShare: 0.2, switches: ">= 8" }
  - { capture: exit, filter: icmp, count: 40 }
`,
    );
    const out = join(folder.path, 'out');
    const report = await apply(file, { ...on.controller, out, timeout: 150_000 });
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);

    const read = (name: string): string => readFileSync(join(report.results, name), 'utf8');
    const events = read('events.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AgentEvent);
    const told = events.flatMap((event) => (event.kind === 'tunnel-switch' ? [event] : []));
    const { tunnels, captures } = JSON.parse(read('run.json')) as RunManifest;
    const wg0 = tunnels.find(({ name }) => name === 'wg0');
    // Both are on this machine's clock.
    expect(wg0?.switches.map(({ to }) => to)).to.deep.equal(told.map(({ to }) => to));
    expect(wg0?.switches.at(-1)?.to).to.equal('wgnet2');
    expect(wg0?.paths.every(({ packets }) => packets > 0)).to.equal(true);
    const captured = captures.map(({ node, network, packets }) => [node, network, packets > 5]);
    expect(captured).to.have.deep.members([
      ['client', 'wgnet1', true],
      ['client', 'wgnet2', true],
      ['exit', 'wg0', true],
    ]);
    expect(read('logs/client.wg0.log')).to.include('migrates no more');
  });
});
