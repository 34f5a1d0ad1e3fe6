// Scripts whose parties are on several machines: each plays its own part, all begin at one moment, and none outlives the others.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { IS_ROOT, apply, scratch } from './support/runner.ts';
import type { LabMachines } from '../machines/machines.ts';
import { startMachines } from '../machines/machines.ts';
import type { PartyReport } from '../../../src/model/script.ts';
import type { RunEvent } from '../../../src/report/report.ts';

/** Microseconds between the begins of parties, on computers with other work to do; without a barrier it would be 500 ms. */
const TOGETHER = 300_000;

type Attempt = Extract<RunEvent, { kind: 'flow-ends' }>;

describe('a script between two machines', function () {
  this.timeout(180_000);
  const folder = scratch('machines-scripts');
  let machines: LabMachines;

  before(async function () {
    if (!IS_ROOT) {
      process.stderr.write('      only root can make machines: run with sudo\n');
      this.skip();
    }
    machines = await startMachines({ machines: 2 });
  });
  after(async () => {
    await (machines as LabMachines | undefined)?.dispose();
    folder.remove();
  });

  async function play(name: string, traffic: string): Promise<readonly Attempt[]> {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(
      file,
      `version: 1
name: ${name}
inventory: ${machines.inventory}
hosts: { client: { on: m1 }, server: { on: m2 } }
networks: { lan: { members: [client, server] } }
captures: [client, server]
traffic:
${traffic}`,
    );
    const options = { ...machines.controller, out: join(folder.path, 'out'), timeout: 120_000 };
    const report = await apply(file, options);
    expect(report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
    return readFileSync(join(report.results, 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent)
      .filter((event) => event.kind === 'flow-ends');
  }

  it('begins behind a barrier everywhere at one moment, over sockets and with packets of its own', async () => {
    const attempts = await play(
      'behind-a-barrier',
      `  - name: early
    between: [client, server:9000]
    barrier: go
    timeout: 10s
    script: &talk
      - client: { send: "id 7;", segments: 2 }
      - server: { expect: { regex: "id (?<id>\\\\d+);" } }
      - server: { send: { template: "you are {{id}}" } }
      - client: { expect: { exact: "you are 7" } }
  - { name: late, between: [client, "server:9001"], barrier: go, at: 500ms, timeout: 10s, script: *talk }
  - name: datagrams
    between: [client, server:9002]
    transport: udp
    barrier: go
    timeout: 10s
    script: [{ client: { send: ping } }, { server: { send: pong } }, { client: { expect: { exact: pong } } }]
  - name: raw
    between: [client:40000, server:9003]
    transport: raw-tcp
    barrier: go
    timeout: 10s
    script:
      - client: { send: hello, ack: piggyback }
      - server: { expect: { exact: hello } }
      - server: { send: welcome }
      - client: { expect: { exact: welcome } }
expect:
  - { flow: early, failure: null }
  - { flow: late, failure: null }
  - { flow: datagrams, failure: null }
  - { flow: raw, failure: null }
  - { capture: server, filter: 'port 9003 and tcp[tcpflags] & tcp-rst != 0', count: 0 }
`,
    );
    const reports = attempts.flatMap(({ parties }) => parties ?? []);
    expect(reports.map(({ party }) => party).toSorted()).to.deep.equal([
      ...Array<string>(4).fill('client'),
      ...Array<string>(4).fill('server'),
    ]);
    const begins = reports.map(({ start }) => start);
    expect(Math.max(...begins) - Math.min(...begins)).to.be.lessThan(TOGETHER);
  });

  it('plays again and again, and ends on every machine when a party of one fails', async () => {
    const attempts = await play(
      'again',
      `  - name: again
    between: [client, server:9000]
    repeat: 3
    script: [{ client: { send: one } }, { server: { send: two } }, { client: { expect: { exact: two } } }]
  - name: alone
    between: [client, server:9001]
    transport: udp
    timeout: 60s
    script:
      - client: { expect: { bytes: 1 }, within: 500ms }
      - server: { expect: { exact: never-sent } }
expect:
  - { flow: again, failure: null }
  - { flow: alone, failure: generic_timeout_error }
`,
    );
    const again = attempts.filter(({ flow }) => flow === 'again');
    expect(again.map(({ attempt, parties = [] }) => [attempt, parties.length])).to.deep.equal([
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
    const partyOf = (name: string): PartyReport | undefined =>
      attempts.find(({ flow }) => flow === 'alone')?.parties?.find(({ party }) => party === name);
    const [client, server] = [partyOf('client'), partyOf('server')];
    expect(client?.failure).to.equal('generic_timeout_error');
    expect(server?.failure).to.equal('unknown_failure: A party on machine "m1" has failed');
    expect((server?.end ?? Infinity) - (client?.end ?? 0)).to.be.lessThan(10e6);
  });
});
