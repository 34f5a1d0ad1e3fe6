import type { ContainerRecord } from '../../src/model/container.ts';
import { expect } from 'chai';
import { checkExpectations } from '../../src/analysis/expectations.ts';
import type { Expectation, NumberRange } from '../../src/model/expectation.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { ProxyRecord } from '../../src/model/relay-record.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { VisitRecord } from '../../src/model/visit.ts';
import { lineOfThree } from './support/plans.ts';

const VERDICT: Verdict = {
  flow: 'allowed',
  failure: null,
  cause: 'throttled',
  by: 'middle',
  summary: '',
  proof: [],
  stage: 'content',
  outcome: 'match',
  signature: null,
  signals: [{ kind: 'policing', side: 'client', detail: '400 kbit/s', proof: [] }],
  attempts: 1,
  failedAttempts: 0,
  fiveTuple: null,
  metrics: { duration: 120, rtt: 50, goodput: 2e6, received: 10, retransmissions: 0 },
};

const OBSERVATION: Observation = {
  flow: 'allowed',
  attempt: 1,
  node: 'client',
  probe: 'http',
  failure: null,
  operation: null,
  start: 0,
  end: 120_000,
  timings: { connect: 51 },
  received: 10,
  status: 200,
  exitCode: 3,
  answers: ['10.0.0.2', '10.0.0.1'],
};

const range = (min: number | null, max: number | null, text: string): NumberRange => ({
  min,
  max,
  text,
});

const CONTAINER: ContainerRecord = {
  node: 'web',
  id: 'f'.repeat(64),
  state: 'running',
  exitCode: null,
  oomKilled: false,
  readyAfter: 12,
  files: [],
};

type Wish = Expectation extends infer One
  ? One extends Expectation
    ? Omit<One, 'id'>
    : never
  : never;

function check(
  wish: Wish,
  changes: {
    verdict?: Partial<Verdict>;
    observations?: readonly Observation[];
    count?: number;
    container?: Partial<ContainerRecord>;
    proxies?: readonly ProxyRecord[];
    visits?: readonly VisitRecord[];
  } = {},
): { held: boolean; detail: string } {
  const expectation = { ...wish, id: 'e1' };
  const [result] = checkExpectations({
    plan: lineOfThree({ expectations: [expectation] }),
    verdicts: [{ ...VERDICT, ...changes.verdict }],
    observations: changes.observations ?? [OBSERVATION],
    counts: new Map(changes.count === undefined ? [] : [['e1', changes.count]]),
    containers: changes.container ? [{ ...CONTAINER, ...changes.container }] : [],
    proxies: changes.proxies ?? [],
    tunnels: [],
    mirrors: [],
    diagnoses: [],
    visits: changes.visits ?? [],
  });
  return { held: result!.held, detail: result!.detail };
}

const flow = { kind: 'flow', flow: 'allowed' } as const;
const ratio = { kind: 'metric', metric: 'goodput.p50', of: 'allowed' } as const;

describe('checkExpectations() of a container', () => {
  const wish = { kind: 'container', container: 'web' } as const;
  const ended = { state: 'exited', exitCode: 3 } as const;
  for (const [asked, container, held, detail] of [
    [{ state: 'running' }, {}, true, 'web: state running'],
    [{ state: 'exited' }, {}, false, 'web: state is running, expected exited'],
    [{ exitCode: 3 }, ended, true, 'web: exit code 3'],
    [{ exitCode: 0 }, ended, false, 'web: exit code is 3, expected 0'],
    [{ exitCode: 0 }, {}, false, 'web: exit code is none, expected 0'],
    [{ oomKilled: true }, { oomKilled: true }, true, 'web: oomKilled true'],
    [{ oomKilled: true }, {}, false, 'web: oomKilled is false, expected true'],
    [{ state: 'exited', exitCode: 3 }, ended, true, 'web: state exited; web: exit code 3'],
  ] as const)
    it(`says "${detail}"`, () => {
      expect(check({ ...wish, ...asked }, { container })).to.deep.equal({ held, detail });
    });

  it('fails one that never ran', () => {
    expect(check({ ...wish, state: 'running' })).to.deep.equal({
      held: false,
      detail: 'container web never ran',
    });
  });
});

describe('checkExpectations()', () => {
  for (const [wish, held, detail] of [
    [{ ...flow, failure: null }, true, 'allowed: failure none'],
    [
      { ...flow, failure: 'connection_reset' },
      false,
      'allowed: failure is none, expected connection_reset',
    ],
    [
      { ...flow, cause: 'throttled', by: 'middle' },
      true,
      'allowed: cause throttled; allowed: by middle',
    ],
    [{ ...flow, cause: null }, false, 'allowed: cause is throttled, expected none'],
    [
      { ...flow, stage: 'content', outcome: 'match' },
      true,
      'allowed: stage content; allowed: outcome match',
    ],
    [{ ...flow, stage: 'tls' }, false, 'allowed: stage is content, expected tls'],
    [{ ...flow, outcome: 'tcp.reset' }, false, 'allowed: outcome is match, expected tcp.reset'],
    [{ ...flow, outcome: 'mat' }, false, 'allowed: outcome is match, expected mat'],
    [{ ...flow, signature: null }, true, 'allowed: signature none'],
    [{ ...flow, signature: '⟨SYN→∅⟩' }, false, 'allowed: signature is none, expected ⟨SYN→∅⟩'],
    [{ ...flow, signals: ['policing'] }, true, 'allowed: signal policing (400 kbit/s)'],
    [
      { ...flow, signals: ['policing', 'shaping'] },
      false,
      'allowed: signal shaping is not there, found policing',
    ],
    [{ ...flow, failure: null, by: 'edge' }, false, 'allowed: by is middle, expected edge'],
    [
      { ...flow, duration: range(null, 100, '<=100ms') },
      false,
      'allowed: duration is 120 ms, expected <=100ms',
    ],
    [
      { ...flow, goodput: range(1e6, 3e6, '1mbit..3mbit') },
      true,
      'allowed: goodput 2.00 Mbit/s (1mbit..3mbit)',
    ],
    [{ ...flow, answers: ['10.0.0.1', '10.0.0.2'] }, true, 'allowed: answers 10.0.0.1, 10.0.0.2'],
    [
      { ...flow, answers: ['10.9.9.9'] },
      false,
      'allowed: answers is 10.0.0.1, 10.0.0.2, expected 10.9.9.9',
    ],
    [{ ...flow, status: 403 }, false, 'allowed: status is 200, expected 403'],
    [{ ...flow, exitCode: 3 }, true, 'allowed: exit code 3'],
    [{ ...flow, flow: 'other', failure: null }, false, 'flow other never ran'],
    [
      { kind: 'metric', metric: 'rtt.p50', of: 'allowed', within: range(48, 52, '50ms ± 2ms') },
      true,
      'rtt.p50 of allowed 50.0 ms (50ms ± 2ms)',
    ],
    [
      { kind: 'metric', metric: 'rtt.p99', of: 'allowed', within: range(null, 40, '<=40ms') },
      false,
      'rtt.p99 of allowed is 51.0 ms, expected <=40ms',
    ],
    [
      { kind: 'metric', metric: 'duration.p50', of: 'none', within: range(null, 40, '<=40ms') },
      false,
      'duration.p50 of none was not measured, expected <=40ms',
    ],
    [
      { kind: 'metric', metric: 'goodput.p50', of: 'allowed', within: range(1e6, null, '>=1mbit') },
      true,
      'goodput.p50 of allowed 2.00 Mbit/s (>=1mbit)',
    ],
    [
      { kind: 'metric', metric: 'target.p50', of: 'shadow', within: range(null, 40, '<=40ms') },
      false,
      'target.p50 of shadow was not measured, expected <=40ms',
    ],
    [
      { kind: 'mirror', mirror: 'shadow', short: range(0, 0, '0') },
      false,
      'mirror shadow never ran',
    ],
    [
      { ...ratio, ratioTo: 'allowed', within: range(0.9, null, '>= 0.9') },
      true,
      'goodput.p50 of allowed ÷ that of allowed 1.00 (>= 0.9)',
    ],
    [
      { ...ratio, ratioTo: 'other', within: range(0.9, null, '>= 0.9') },
      false,
      'goodput.p50 of allowed ÷ that of other was not measured, expected >= 0.9',
    ],
  ] as const satisfies [Wish, boolean, string][])
    it(`says "${detail}"`, () => {
      expect(check(wish)).to.deep.equal({ held, detail });
    });

  it('says that nobody interfered where there is no cause', () => {
    const verdict = { cause: null, by: null };
    expect(check({ ...flow, by: 'middle' }, { verdict })).to.deep.equal({
      held: false,
      detail: 'allowed: nobody interfered, expected middle',
    });
  });

  it('counts packets of captures', () => {
    const wish = {
      kind: 'capture',
      files: [],
      node: 'client',
      filter: 'tcp',
      count: range(1, null, '>=1'),
    } as const;
    expect(check(wish, { count: 3 })).to.deep.equal({
      held: true,
      detail: 'packets of "tcp" captured at client 3 (>=1)',
    });
    expect(check(wish, { count: 0 })).to.deep.equal({
      held: false,
      detail: 'packets of "tcp" captured at client is 0, expected >=1',
    });
    expect(check(wish).held).to.equal(false);
  });

  it('does not hold success of a flow that never ran', () => {
    const verdict = { attempts: 0, failure: 'interrupted' };
    expect(check({ ...flow, failure: null }, { verdict })).to.deep.equal({
      held: false,
      detail: 'flow allowed never ran',
    });
  });

  it('wants the answers in every attempt', () => {
    const observations = [OBSERVATION, { ...OBSERVATION, attempt: 2, answers: ['10.9.9.9'] }];
    const wish = { ...flow, answers: ['10.0.0.1', '10.0.0.2'] };
    expect(check(wish, { observations }).held).to.equal(false);
  });

  it('wants the changes of path in every attempt, those by the client itself counted once', () => {
    const paths = { challenged: 4, validated: 1, failed: 0 };
    const wish = { ...flow, pathChanges: range(4, null, '>= 4') };
    const moved = { ...OBSERVATION, paths };
    expect(check(wish, { observations: [moved] })).to.deep.equal({
      held: true,
      detail: 'allowed: changes of path 4 (>= 4)',
    });
    expect(check(wish, { observations: [moved, OBSERVATION] })).to.deep.equal({
      held: false,
      detail: 'allowed: changes of path is 0, expected >= 4',
    });
  });
});
