import { AT_ONCE } from '../../src/model/censor-defaults.ts';
import { expect } from 'chai';
import { analyse } from '../../src/analysis/analyse.ts';
import { loggedCause, loggedCulprit } from '../../src/analysis/censor-log.ts';
import type { CensorAction } from '../../src/model/censor-action.ts';
import type { CensorEvent } from '../../src/model/middlebox.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { AgentEvent } from '../../src/model/rpc.ts';
import type { Cause } from '../../src/model/verdict.ts';
import { CENSOR, NODES, type Place, lineOfThree } from './support/plans.ts';
import { EPOCH, Tape } from './support/tape.ts';

const tape = new Tape();
const tuple = tape.observation().fiveTuple!;
const failed = tape.observation({ failure: 'connection_reset' });

const entry = (
  action: CensorEvent['action'],
  changes: Partial<CensorEvent & { time: number }> = {},
): AgentEvent => ({
  kind: 'censor',
  time: EPOCH + 1000,
  node: 'middle',
  censor: 'censor',
  rule: 'rule',
  action,
  ...tuple,
  detail: '',
  ...changes,
});

const cause = (event: AgentEvent, observation: Observation = failed): Cause | undefined =>
  loggedCause(lineOfThree(), [event], observation, tuple, null)?.cause;

describe('loggedCause()', () => {
  for (const [action, expected] of [
    ['reset', 'injected-rst'],
    ['dns', 'injected-dns'],
    ['blockpage', 'injected-page'],
    ['throttle', undefined],
    ['delay', undefined],
    ['lose', undefined],
    ['tamper', 'tampered'],
    ['redirect', 'redirected'],
    ['mitm', 'intercepted'],
    ['drop', 'dropped'],
    ['match', undefined],
    ['allow', undefined],
  ] as const)
    it(`takes "${action}" for ${expected ?? 'no cause'}`, () => {
      expect(cause(entry(action))).to.equal(expected);
    });

  it('knows a connection by either direction, and no other', () => {
    const swapped = {
      source: tuple.destination,
      sourcePort: tuple.destinationPort,
      destination: tuple.source,
      destinationPort: tuple.sourcePort,
    };
    expect(cause(entry('reset', swapped))).to.equal('injected-rst');
    expect(cause(entry('reset', { sourcePort: 1 }))).to.equal(undefined);
    expect(cause(entry('reset', { protocol: 'udp' }))).to.equal(undefined);
    expect(cause(entry('reset', { time: EPOCH + 9e6 }))).to.equal(undefined);
  });

  it('goes by the server and the time where NAT hides the client', () => {
    const nat = [{ interface: 'middle-outside', masquerade: true as const }];
    const plan = lineOfThree({ nodes: [NODES.client, { ...NODES.middle, nat }, NODES.server] });
    const event = entry('reset', { source: '10.10.2.1', sourcePort: 7 });
    expect(loggedCause(plan, [event], failed, tuple, null)?.cause).to.equal('injected-rst');
  });

  it('explains residual blocking by what the rule does', () => {
    const drop: CensorAction = { kind: 'drop', direction: 'both', scope: 'flow', after: null };
    const rule = {
      name: 'rule',
      match: { all: [] },
      probability: 1,
      first: null,
      engageAfter: AT_ONCE,
    };
    const residual = {
      key: '3-tuple',
      for: { low: 1, high: 1 },
      refresh: false,
      existing: false,
      probability: 1,
    } as const;
    const plan = lineOfThree({
      censors: [
        {
          ...CENSOR,
          rules: [{ ...rule, actions: [drop], residual: { ...residual, actions: [] } }],
        },
      ],
    });
    const event = entry('residual');
    expect(loggedCause(plan, [event], failed, tuple, null)?.cause).to.equal('dropped');
    expect(cause(event)).to.equal(undefined);
  });

  it('leaves a flow that succeeded alone, unless it may do so in spite of it', () => {
    expect(cause(entry('reset'), tape.observation())).to.equal(undefined);
    expect(cause(entry('dns'), tape.observation())).to.equal('injected-dns');
    expect(loggedCause(lineOfThree(), [entry('reset')], failed, null, null)).to.equal(null);
  });

  it('gives way to captures on both sides of the censor', () => {
    const said = (captured: readonly Place[]): Cause | null => {
      const flow = new Tape({ captured });
      flow.events.push(entry('reset'));
      flow.handshake();
      return analyse(flow.evidence(failed))[0]!.cause;
    };
    expect(said(['client.inside', 'middle.inside'])).to.equal('injected-rst');
    expect(said(['client.inside', 'middle.outside'])).to.equal('unexplained');
    expect(said(['middle.inside', 'middle.outside'])).to.equal('unexplained');
  });
});

describe('loggedCulprit()', () => {
  it('names the node whose censor says that it did this', () => {
    const events = [entry('match'), entry('drop')];
    const plan = lineOfThree();
    expect(loggedCulprit(plan, events, failed, tuple, 'dropped')).to.equal('middle');
    expect(loggedCulprit(plan, events, failed, tuple, 'tampered')).to.equal(null);
    expect(loggedCulprit(plan, events, failed, null, 'dropped')).to.equal(null);
  });
});

describe('nameByLog()', () => {
  const changed = (): Tape => {
    const flow = new Tape();
    flow.handshake();
    const answer = { forward: false, sequence: 5001, ipId: 77 };
    flow.pass(60, { ...answer, payload: 'as sent' }, { to: 'middle.outside' });
    flow.pass(80.2, { ...answer, payload: 'as read' }, { from: 'middle.inside' });
    return flow;
  };

  for (const [action, expected, words] of [
    ['mitm', 'intercepted', 'intercepted by middle: payload changed by middle'],
    ['redirect', 'redirected', 'redirected by middle: payload changed by middle'],
    ['tamper', 'tampered', 'payload changed by middle'],
  ] as const)
    it(`calls what packets show of "${action}" ${expected}`, () => {
      const flow = changed();
      flow.events.push(entry(action));
      const [verdict] = analyse(flow.evidence(flow.observation()));
      expect(verdict).to.include({ cause: expected, by: 'middle' });
      expect(verdict!.summary).to.contain(words);
      expect(verdict!.proof).not.to.be.empty;
    });

  it('believes no log of another connection or of another node', () => {
    for (const changes of [{ sourcePort: 9 }, { node: 'server' }, { time: EPOCH + 9e6 }]) {
      const flow = changed();
      flow.events.push({ ...entry('mitm'), ...changes });
      expect(analyse(flow.evidence(flow.observation()))[0]!.cause).to.equal('tampered');
    }
  });
});
