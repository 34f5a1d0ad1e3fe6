import { expect } from 'chai';
import { analyse } from '../../src/analysis/analyse.ts';
import { divertingRelay, relayFinding } from '../../src/analysis/relay-log.ts';
import { holdsFor } from '../../src/model/relay-chance.ts';
import { RAW_PROTOCOL, RELAY_LIMITS } from '../../src/model/relay-defaults.ts';
import type { Plan, PlanProxy } from '../../src/model/plan.ts';
import type { RelayFault, RelayOperation } from '../../src/model/relay.ts';
import type { RelayEvent } from '../../src/model/relay-record.ts';
import type { AgentEvent } from '../../src/model/rpc.ts';
import type { Cause } from '../../src/model/verdict.ts';
import { lineOfThree } from './support/plans.ts';
import { EPOCH, Tape } from './support/tape.ts';

const tape = new Tape();
const tuple = tape.observation().fiveTuple!;
const client = `tcp://${tuple.source}:${tuple.sourcePort}`;

const proxy = (divert: readonly number[] = []): PlanProxy => ({
  ...{ name: 'mitm', on: 'middle', divert },
  relay: {
    listen: { kind: 'tcp', host: '*', port: 8080 },
    target: { kind: 'tcp', host: '10.10.2.2', port: 80 },
    ...{ transparent: false, protocol: RAW_PROTOCOL, ordering: 'all', workers: 0 },
    ...{ onFramingFault: 'pass', limits: RELAY_LIMITS, rules: [], faults: [] },
    ...{ fuzz: null, control: null },
  },
});

const planWith = (divert: readonly number[] = []): Plan => ({
  ...lineOfThree(),
  proxies: [proxy(divert)],
});

const event = (told: RelayEvent, time = EPOCH + 1000): AgentEvent => ({
  ...{ kind: 'relay', time, node: 'middle', relay: 'mitm' },
  ...told,
});
const opened = event({ what: 'opened', session: 1, client, target: 'tcp://10.10.2.2:80' });
const edit = (operation: RelayOperation['kind'], session = 1, time = EPOCH + 2000): AgentEvent =>
  event(
    {
      ...{ what: 'edit', line: 3, session, at: 'S->P', message: 2, type: 'chunk' },
      ...{ rule: 'rule', operation, field: 'data', old: '00', new: '01' },
    },
    time,
  );
const closed = (reason: string, downstream = 0): AgentEvent =>
  event({ what: 'closed', session: 1, reason, upstream: 0, downstream });
const faults = (fault: RelayFault): AgentEvent =>
  event({ what: 'faults', faults: [fault] }, EPOCH - 1000);
const common = { name: 'slow', direction: 'downstream', probability: 1, enabled: true } as const;

const causeOf = (failure: string | null, ...events: readonly AgentEvent[]): Cause | undefined =>
  relayFinding(planWith(), events, tape.observation({ failure }), [tuple])?.cause;

describe('relayFinding()', () => {
  for (const [operation, failure, cause] of [
    ['set', null, 'tampered'],
    ['cut', 'http_invalid_response', 'tampered'],
    ['inject', null, 'injected-data'],
    ['delay', null, 'delayed'],
    ['hold', 'generic_timeout_error', 'delayed'],
    ['drop', 'generic_timeout_error', 'dropped'],
    ['blackhole', 'generic_timeout_error', 'dropped'],
    ['reset', 'connection_reset', 'injected-rst'],
    ['close', 'eof_error', 'injected-fin'],
    ['drop', null, undefined],
    ['reset', 'generic_timeout_error', undefined],
    ['split', null, undefined],
    ['state', null, undefined],
  ] as const)
    it(`takes "${operation}" before ${failure ?? 'success'} for ${cause ?? 'no cause'}`, () => {
      expect(causeOf(failure, opened, edit(operation))).to.equal(cause);
    });

  it('names the relay, the rule and the line of the audit file', () => {
    const found = relayFinding(planWith(), [opened, edit('set')], tape.observation(), [tuple]);
    expect(found).to.deep.include({
      by: 'middle',
      summary: 'message changed by middle (rule rule of relay mitm)',
      proof: [
        { capture: 'middle.mitm.audit', frame: 3, note: 'chunk no. 2 at S->P: data 00 -> 01' },
      ],
    });
  });

  it('knows its own sessions alone, and what was done before the attempt ended', () => {
    expect(causeOf(null, opened, edit('set', 2))).to.equal(undefined);
    expect(causeOf(null, edit('set'))).to.equal(undefined);
    expect(causeOf(null, opened, edit('set', 1, EPOCH + 60e6))).to.equal(undefined);
    const elsewhere = event({
      ...{ what: 'opened', session: 1, client: 'tcp://10.10.1.1:1' },
      target: 'tcp://10.10.2.2:80',
    });
    expect(causeOf(null, elsewhere, edit('set'))).to.equal(undefined);
  });

  it('takes what was done later by the clock of another machine, as far as the clocks may be off', () => {
    const late = EPOCH + 1_200_000;
    const slow: RelayFault = { ...common, kind: 'latency', latency: 100, jitter: 0 };
    for (const done of [edit('set', 1, late), event({ what: 'faults', faults: [slow] }, late)]) {
      const found = (off: number): Cause | undefined =>
        relayFinding(planWith(), [opened, done], tape.observation(), [tuple], () => off)?.cause;
      expect(found(100_000)).to.equal(undefined);
      expect(found(200_000)).to.equal(
        done.kind === 'relay' && done.what === 'edit' ? 'tampered' : 'delayed',
      );
    }
  });

  it('takes faults that held at the time, where they could be felt', () => {
    const latency = faults({ ...common, kind: 'latency', latency: 100, jitter: 0 });
    expect(causeOf(null, latency, opened)).to.equal('delayed');
    const off = event({ what: 'faults', faults: [] }, EPOCH);
    expect(causeOf(null, latency, off, opened)).to.equal(undefined);
    const share = {
      ...common,
      probability: 0.5,
      kind: 'latency',
      latency: 100,
      jitter: 0,
    } as const;
    const drawn = [1, 2, 3, 4, 5, 6, 7, 8].map((session) => {
      const own = event({ what: 'opened', session, client, target: 'tcp://10.10.2.2:80' }, EPOCH);
      return causeOf(null, faults(share), own) === 'delayed';
    });
    expect(drawn).to.deep.equal(
      [1, 2, 3, 4, 5, 6, 7, 8].map((session) => holdsFor(share, session, planWith().seed)),
    );
    expect(new Set(drawn)).to.have.length(2);
    expect(causeOf(null, latency, opened, closed('finished', 0))).to.equal(undefined);
    const narrow = faults({ ...common, kind: 'bandwidth', rate: 8000 });
    expect(causeOf(null, narrow, opened, closed('finished', 1000))).to.equal('throttled');
    expect(causeOf(null, narrow, opened, closed('finished', 1))).to.equal(undefined);
    const silence = faults({ ...common, kind: 'timeout', after: 0 });
    expect(causeOf('generic_timeout_error', silence, opened)).to.equal('dropped');
    const refuse = faults({ ...common, kind: 'reset-peer', after: 0 });
    expect(causeOf('connection_reset', refuse, opened, closed('reset-by-fault', 0))).to.equal(
      'injected-rst',
    );
    expect(causeOf('connection_reset', refuse, opened, closed('reset-by-client', 9))).to.equal(
      undefined,
    );
    const short = faults({ ...common, kind: 'limit-data', bytes: 10 });
    expect(causeOf('eof_error', short, opened, closed('closed-by-fault', 10))).to.equal(
      'injected-fin',
    );
    expect(causeOf('eof_error', short, opened, closed('finished', 9))).to.equal(undefined);
  });

  it('tells what the server did from what the relay did', () => {
    const failed = tape.observation({ failure: 'connection_reset' });
    const of = (reason: string): unknown =>
      relayFinding(planWith(), [opened, closed(reason)], failed, [tuple]);
    expect(of('reset-by-server')).to.deep.include({ cause: 'reset-by-peer', by: 'server' });
    expect(of('dial-failed')).to.deep.include({ cause: 'refused-by-peer', by: 'server' });
    expect(of('finished')).to.equal(null);
  });
});

describe('divertingRelay()', () => {
  it('is the relay that took a connection on its way elsewhere', () => {
    const observation = tape.observation();
    const found = (divert: readonly number[]): string | undefined =>
      divertingRelay(planWith(divert), [opened], observation, [tuple])?.name;
    expect(found([80])).to.equal('mitm');
    expect(found([])).to.equal(undefined);
  });
});

describe('analyse() of a flow through a relay', () => {
  it('has the audit record as its proof', () => {
    const [verdict] = analyse({
      ...{ plan: planWith(), captures: [] },
      ...{ events: [opened, edit('drop')] },
      observations: [tape.observation({ failure: 'generic_timeout_error' })],
    });
    expect(verdict).to.deep.include({ cause: 'dropped', by: 'middle' });
    expect(verdict?.proof[0]).to.deep.include({ capture: 'middle.mitm.audit', frame: 3 });
  });
});
