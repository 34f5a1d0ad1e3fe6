import { expect } from 'chai';
import type { Expectation } from '../../../src/model/expectation.ts';
import { planOf } from '../compile-text.ts';

const text = (expectations: string, traffic = ''): string => `version: 1
name: lab
hosts: { client: {}, middle: {}, server: {} }
networks: { a: { members: [client, middle] }, b: { members: [middle, server] } }
censor: { name: gfw, on: middle, rules: [{ match: { tls.sni: blocked.example }, action: reset }] }
traffic:
  - { name: serve, on: server, serve: { tls: {}, http: {} } }
  - { name: forbidden, from: client, to: server:443, probe: { tls: { sni: blocked.example } } }
  - { name: allowed, from: client, to: server:443, probe: { tls: { sni: fine.example } }, after: forbidden }
${traffic}
captures: [client]
expect: [${expectations}]
`;

interface Found {
  readonly expectations: readonly Omit<Extract<Expectation, { kind: 'flow' }>, 'id' | 'kind'>[];
  readonly leftOut: number | undefined;
}

function withoutCensors(expectations: string): Found {
  const plan = planOf(text(expectations), { censors: false });
  return {
    expectations: plan.expectations.flatMap((item) => {
      if (item.kind !== 'flow') return [];
      const { flow, failure, status } = item;
      return [
        {
          flow,
          ...(failure === undefined ? {} : { failure }),
          ...(status === undefined ? {} : { status }),
        },
      ];
    }),
    leftOut: plan.leftOut,
  };
}

const CASES: readonly (readonly [string, string, Found])[] = [
  [
    'expects success of a flow that is to fail',
    '{ flow: forbidden, failure: connection_reset, cause: injected-rst, by: middle }',
    { expectations: [{ flow: 'forbidden', failure: null }], leftOut: 0 },
  ],
  [
    'keeps what is expected of flows that nobody hinders',
    '{ flow: allowed, failure: null }, { flow: allowed, status: 200 }',
    {
      expectations: [
        { flow: 'allowed', failure: null },
        { flow: 'allowed', status: 200 },
      ],
      leftOut: 0,
    },
  ],
  [
    'keeps a failure of which the cause is none',
    '{ flow: forbidden, failure: connection_refused, cause: null }',
    { expectations: [{ flow: 'forbidden', failure: 'connection_refused' }], leftOut: 0 },
  ],
  [
    'expects success once, and nothing else, of a flow that is slowed down',
    '{ flow: forbidden, failure: null, goodput: "<= 1mbit" }, { flow: forbidden, status: 403 }',
    { expectations: [{ flow: 'forbidden', failure: null }], leftOut: 1 },
  ],
  [
    'leaves out packets that are counted, and metrics',
    '{ capture: client, filter: tcp }, { metric: goodput.p50, of: allowed, within: ">= 1mbit" }',
    { expectations: [], leftOut: 2 },
  ],
];

describe('controlExpectations()', () => {
  for (const [title, written, found] of CASES)
    it(title, () => {
      expect(withoutCensors(written)).to.deep.equal(found);
    });

  it('wants a flow that is to be given a forged answer to succeed', () => {
    const own = text(
      '{ flow: question, answers: 192.0.2.1 }',
      `  - { name: names, on: server, serve: { dns: { records: { blocked.example: server } } } }
  - { name: question, from: client, to: server, probe: { dns: { qname: blocked.example } } }`,
    )
      .replace('tls.sni: blocked.example }, action', 'dns.qname: blocked.example }, action')
      .replace('action: reset', 'action: { inject: { dns: { answers: [192.0.2.1] } } }');
    const [first] = planOf(own, { censors: false }).expectations;
    expect(first).to.deep.include({ flow: 'question', failure: null });
    expect(first).not.to.have.property('answers');
  });

  it('has no part in a run with censors', () => {
    const plan = planOf(text('{ flow: forbidden, failure: connection_reset }'));
    expect(plan.expectations[0]).to.include({ failure: 'connection_reset' });
    expect(plan.leftOut).to.equal(undefined);
  });
});

describe('withoutControls()', () => {
  const traffic = `  - { name: "off", censor: gfw, do: stop, after: forbidden }
  - { name: free, from: client, to: server:443, probe: { tls: { sni: blocked.example } }, after: "off" }`;

  it('lets a flow come after what the change came after', () => {
    const after = (censors: boolean): readonly string[] | undefined =>
      planOf(text('{ flow: allowed, failure: null }', traffic), { censors }).flows.find(
        ({ name }) => name === 'free',
      )?.schedule.after;
    expect(after(true)).to.deep.equal(['off']);
    expect(after(false)).to.deep.equal(['forbidden']);
  });
});
