import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type RunChoice, readRun } from '../../../src/cli/traces/read-run.ts';
import { makePcap } from '../../wire/captures.ts';

const capture = (node: string, network: string, filter = ''): object => ({
  ...{ node, network, interface: `${node}-${network}`, filter, snaplen: 0 },
  file: `captures/${node}.${network}.pcap`,
});
const PLAN = {
  planVersion: 1,
  nodes: [
    { name: 'client', machine: 'local', interfaces: [], nat: [] },
    { name: 'server', machine: 'far', interfaces: [], nat: [] },
  ],
  captures: [capture('client', 'wg0'), capture('client', 'lan'), capture('server', 'lan', 'tcp')],
  flows: [],
};
const FAR_CLOCK = { offset: 5, at: 0, drift: 0, error: 1, samples: 1 };
const RUN = {
  machines: [{ name: 'far', clock: FAR_CLOCK }],
  captures: [{ node: 'client', network: 'lan', dropped: 3 }],
};
const EVENTS = [
  { kind: 'phase', arm: 'main', phase: 'traffic' },
  { kind: 'flow-begins', time: 1, flow: 'page', attempt: 1, node: 'client' },
  { kind: 'censor', time: 2 },
  { kind: 'flow-ends', time: 3, flow: 'page', attempt: 1, failure: null },
  { kind: 'flow-begins', time: 4, flow: 'page', attempt: 2, node: 'client' },
];
const TUPLE = { protocol: 'tcp', source: '10.0.0.1', sourcePort: 4, destination: '10.0.0.2' };
const MAIN: RunChoice = { arm: 'main', captures: [] };

describe('cli/traces/read-run', () => {
  let folder = '';
  const write = (name: string, content: unknown): void =>
    writeFileSync(
      join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'read-run-'));
    mkdirSync(join(folder, 'captures'));
    write('run.json', RUN);
    write('plan.json', PLAN);
    write('events.ndjson', EVENTS.map((event) => `${JSON.stringify(event)}\n`).join(''));
    write('verdicts.json', [
      { flow: 'page', attempts: 1, fiveTuple: TUPLE },
      { flow: 'often', attempts: 2, fiveTuple: TUPLE },
      { flow: 'none', attempts: 1 },
    ]);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('readRun() has the visits that ended, and the captures of the nodes that visit', () => {
    const run = readRun(folder, MAIN);
    expect(run.visits).to.deep.equal([
      { flow: 'page', site: 'page', visit: 1, node: 'client', begin: 1, end: 3, failure: null },
    ]);
    expect(run.captures.map(({ file }) => file)).to.deep.equal([
      'captures/client.wg0.pcap',
      'captures/client.lan.pcap',
    ]);
    expect([...run.tuples]).to.deep.equal([['page', TUPLE]]);
    expect(run.notes).to.deep.equal(['client.lan: the capture lost 3 packets']);
  });

  it('readRun() reads what is chosen, with the clock of its machine', () => {
    const run = readRun(folder, { arm: 'main', captures: ['server.lan'] });
    expect(run.notes).to.deep.equal(['server.lan: captured is "tcp" alone']);
    const [chosen] = run.captures;
    if (!chosen) throw new Error('Expected a capture');
    expect(run.read(chosen)).to.equal(null);
    writeFileSync(join(folder, 'captures/server.lan.pcap'), makePcap([]));
    expect(run.read(chosen)).to.deep.include({ node: 'server', network: 'lan', clock: FAR_CLOCK });
  });

  it('readRun() reads a run that was never judged', () => {
    rmSync(join(folder, 'verdicts.json'));
    expect(readRun(folder, MAIN).tuples.size).to.equal(0);
  });

  it('readRun() reads the other arm from its own folder', () => {
    mkdirSync(join(folder, 'control'));
    write('run.json', { ...RUN, control: { ...RUN, captures: [] } });
    write('control/plan.json', PLAN);
    const events = [{ kind: 'phase', arm: 'control' }, ...EVENTS.slice(1)];
    write('events.ndjson', events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const run = readRun(folder, { arm: 'control', captures: [] });
    expect(run.visits).to.have.lengthOf(1);
    expect(run.notes).to.deep.equal([]);
    expect(run.tuples.size).to.equal(0);
    expect(() => readRun(folder, MAIN)).to.throw('No visit came to its end');
  });

  for (const [what, name, content, fault] of [
    ['a damaged manifest', 'run.json', '{', 'run.json is damaged: expected JSON'],
    ['a manifest that is none', 'run.json', '7', 'run.json" is no manifest of a run'],
    ['a plan of another version', 'plan.json', { ...PLAN, planVersion: 2 }, 'is no plan that'],
    ['a plan without nodes', 'plan.json', { planVersion: 1 }, 'is no plan that this version knows'],
    ['damaged events', 'events.ndjson', '{}\n{"kind"\n', 'events.ndjson:2 is damaged'],
    ['a run without traffic', 'events.ndjson', '', 'No visit came to its end'],
    ['a run without captures', 'plan.json', { ...PLAN, captures: [] }, 'No node that visits is'],
    [
      'captures elsewhere alone',
      'plan.json',
      { ...PLAN, captures: [capture('server', 'lan')] },
      'No node that visits is captured',
    ],
  ] as const)
    it(`readRun() refuses ${what}`, () => {
      write(name, content);
      expect(() => readRun(folder, MAIN)).to.throw(fault);
    });

  it('readRun() refuses what is no results folder, an arm and a capture that are not there', () => {
    expect(() => readRun(join(folder, 'no'), MAIN)).to.throw('run.json" is not there');
    expect(() => readRun(folder, { arm: 'control', captures: [] })).to.throw(
      'has no arm without censors',
    );
    expect(() => readRun(folder, { arm: 'main', captures: ['client.wg9'] })).to.throw(
      'has no capture "client.wg9"',
    );
  });
});
