// A relay on another machine than its client and its target, which is dialled and to which connections are diverted: it edits, is
// switched, and its counters and its edits come home.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { IS_ROOT, apply, scratch } from './support/runner.ts';
import type { RunManifest } from '../../../src/model/run.ts';
import type { LabMachines } from '../machines/machines.ts';
import { startMachines } from '../machines/machines.ts';

const relay = (...keys: readonly string[]): string => `    on: middle
    relay:
      ${keys.join('\n      ')}
      protocol: http
      rules:
        - { name: gone, direction: S->C, match: { status: 200 }, do: [{ set: { field: status, value: "410" } }] }
`;

describe('relays on another machine', function () {
  this.timeout(180_000);
  const folder = scratch('machines-relays');
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

  it('are dialled and diverted to, are switched, and tell what they did', async () => {
    const on = machines;
    if (!on) throw new Error('The machines are up');
    const file = join(folder.path, 'far-relays.yaml');
    writeFileSync(
      file,
      `version: 1
name: far-relays
inventory: ${on.inventory}
hosts: { client: { on: m1 }, middle: { on: m2 }, server: { on: m3 } }
networks:
  inside: { subnet: [10.10.1.0/24, fd00:1::/64], members: [client, middle], delay: 2ms }
  outside: { subnet: [10.10.2.0/24, fd00:2::/64], members: [middle, server], delay: 2ms }
proxies:
  dialled:
${relay('listen: tcp://middle:8080', 'target: tcp://server:80')}  diverted:
${relay('listen: "tcp://*:8081"', 'target: original', 'divert: 80', 'transparent: true')}traffic:
  - { name: serve, on: server, serve: { http: {} } }
  - { name: first, from: client, to: "middle:8080", probe: { http: {} } }
  - { name: diverted-4, from: client, to: "server:80", family: 4, probe: { http: {} } }
  - { name: diverted-6, from: client, to: "server:80", family: 6, probe: { http: {} } }
  - { name: rule-off, proxy: dialled, after: first, rule: gone, enabled: false }
  - { name: second, from: client, to: "middle:8080", after: rule-off, probe: { http: {} } }
captures: [client, middle, server]
expect:
  - { flow: first, status: 410, cause: tampered, by: middle }
  - { flow: second, status: 200, cause: null }
  - { flow: diverted-4, status: 410, cause: tampered, by: middle }
  - { flow: diverted-6, status: 410, cause: tampered, by: middle }
  - { proxy: dialled, rule: gone, count: 1, sessions: 2 }
  - { proxy: diverted, rule: gone, count: 2, sessions: 2 }
`,
    );
    const out = join(folder.path, 'out');
    const report = await apply(file, { ...on.controller, out, timeout: 150_000 });
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    const read = (name: string): string => readFileSync(join(report.results, name), 'utf8');
    const { proxies } = JSON.parse(read('run.json')) as RunManifest;
    expect(proxies.map(({ name, on: node }) => [name, node])).to.have.deep.members([
      ['dialled', 'middle'],
      ['diverted', 'middle'],
    ]);
    expect(readdirSync(join(report.results, 'logs'))).to.include.members([
      'middle.dialled.audit.ndjson',
      'middle.dialled.log',
      'middle.diverted.audit.ndjson',
      'middle.diverted.log',
    ]);
    expect(read('logs/middle.dialled.audit.ndjson').trim().split('\n')).to.have.length(1);
    expect(read('logs/middle.diverted.audit.ndjson').trim().split('\n')).to.have.length(2);
    expect(read('logs/middle.dialled.log')).to.include('rule gone is off');
  });
});
