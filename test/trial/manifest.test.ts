import type { Arm } from '../../src/trial/arm.ts';
import { EventEmitter } from 'node:events';
import { Fault } from '../../src/base/fault.ts';
import { Interrupted, listenForInterrupts } from '../../src/trial/interrupt.ts';
import { type Outcome, manifestOf } from '../../src/trial/manifest.ts';
import { REPORT, failing } from '../report/fixture.ts';
import type { TrialOptions } from '../../src/trial/trial.ts';
import { expect } from 'chai';
import { makeProgress } from '../../src/cli/progress.ts';

const options: TrialOptions = {
  plan: REPORT.plan,
  planHash: 'abc',
  controlPlan: null,
  sources: [],
  folder: '/scenarios',
  build: true,
  out: 'results',
  agentFile: '',
  version: '1.0.0',
  command: 'runner apply x.yaml',
  keep: false,
  resume: null,
  ask: () => Promise.resolve(null),
  progress: makeProgress({ write: () => true }, true),
  interrupts: listenForInterrupts(new EventEmitter()),
};
const arm = (name: Arm['name']): Arm => ({
  name,
  plan: REPORT.plan,
  directory: '/r',
  trafficEnded: null,
  record: {
    timings: { up: 1.23456789 },
    impairments: {},
    links: [
      {
        network: 'inside',
        from: 'a',
        to: 'b',
        delay: 9,
        jitter: 0,
        lossRatio: 0,
        rate: null,
        misses: ['inside is slow'],
      },
    ],
    captures: [{ node: 'a', network: 'inside', file: 'x', packets: 8, bytes: 1, dropped: 2 }],
    machines: [],
    censors: [],
    proxies: [],
    tunnels: [],
    mirrors: [],
    images: [],
    containers: [],
  },
  observations: [],
  events: [],
  counts: new Map(),
  warnings: ['Container "a" is gone'],
});
const judgement = { verdicts: REPORT.verdicts, expectations: REPORT.expectations };
const outcome: Outcome = { main: arm('main'), control: null, judgement, cut: null, analysis: 2 };
const manifest = (changes: Partial<Outcome>): ReturnType<typeof manifestOf> =>
  manifestOf(options, { ...outcome, ...changes }, new Date(0));

describe('manifestOf()', () => {
  it('is passed or failed by the expectations', () => {
    expect(manifest({}).status).to.equal('passed');
    const failed = { verdicts: [], expectations: [failing] };
    expect(manifest({ judgement: failed }).status).to.equal('failed');
  });

  it('is broken with the fault, or interrupted', () => {
    const cut = new Fault('run', 'gone', { help: 'look' });
    expect(manifest({ cut, judgement: null })).to.deep.include({
      status: 'broken',
      fault: { message: 'gone', help: 'look' },
    });
    expect(manifest({ cut: new Interrupted('SIGINT'), judgement: null }).status).to.equal(
      'interrupted',
    );
  });

  it('warns of missed links, lost packets and containers in both arms', () => {
    expect(manifest({ control: arm('control') }).warnings).to.deep.equal([
      'Link "inside" from a to b: inside is slow',
      'Capture a.inside lost 2 of 10 packets: verdicts may miss them',
      'Container "a" is gone',
      'Control arm: Link "inside" from a to b: inside is slow',
      'Control arm: Capture a.inside lost 2 of 10 packets: verdicts may miss them',
      'Control arm: Container "a" is gone',
    ]);
  });

  it('rounds timings to a microsecond', () => {
    expect(manifest({}).timings).to.deep.equal({ up: 1.235, analyse: 2 });
  });
});
