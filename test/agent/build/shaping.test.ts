import { expect } from 'chai';
import { chooseMethod, shapingLines } from '../../../src/agent/build/shaping.ts';
import type { Impairment } from '../../../src/model/plan.ts';

const NONE: Impairment = {
  delay: 0,
  jitter: 0,
  lossRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  corruptRatio: 0,
  rate: null,
  queue: 100_000,
};
const lines = (impairment: Partial<Impairment>): string[] =>
  shapingLines({ port: 'p1', ifb: 'i1', mtu: 1500, impairment: { ...NONE, ...impairment } });

describe('shapingLines()', () => {
  it('redirects what comes in by the port to its own device', () => {
    expect(lines({}).slice(0, 2)).to.deep.equal([
      'qdisc add dev p1 handle ffff: ingress',
      'filter add dev p1 parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev i1',
    ]);
  });

  for (const [title, impairment, expected] of [
    ['nothing', {}, []],
    [
      'delay in microseconds',
      { delay: 0.25 },
      ['qdisc add dev i1 root handle 1: netem limit 1000000 delay 250us'],
    ],
    [
      'jitter, normally distributed',
      { delay: 20, jitter: 2 },
      [
        'qdisc add dev i1 root handle 1: netem limit 1000000 delay 20000us 2000us distribution normal',
      ],
    ],
    [
      'shares as percentages',
      { delay: 1, lossRatio: 0.001, duplicateRatio: 0.01, reorderRatio: 0.25, corruptRatio: 1e-6 },
      [
        'qdisc add dev i1 root handle 1: netem limit 1000000 delay 1000us loss random 0.1% duplicate 1% reorder 25% corrupt 0.0001%',
      ],
    ],
    [
      'a rate alone by tbf, with a bucket of a millisecond',
      { rate: 100e6 },
      ['qdisc add dev i1 root handle 1: tbf rate 100000000bit burst 12500b limit 100000b'],
    ],
    [
      'a low rate with a bucket of two frames',
      { rate: 1e6 },
      ['qdisc add dev i1 root handle 1: tbf rate 1000000bit burst 3028b limit 100000b'],
    ],
    [
      'delay first, then the rate',
      { delay: 5, rate: 10e6, queue: 1 },
      [
        'qdisc add dev i1 root handle 1: netem limit 1000000 delay 5000us',
        'qdisc add dev i1 parent 1:1 handle 2: tbf rate 10000000bit burst 3028b limit 3028b',
      ],
    ],
  ] as const)
    it(`writes ${title}`, () => expect(lines(impairment).slice(2)).to.deep.equal(expected));

  it('refuses a name that would be more than a name', () => {
    const hostile = { port: 'p1 root\nqdisc', ifb: 'i1', mtu: 1500, impairment: NONE };
    expect(() => shapingLines(hostile)).to.throw('names interfaces plainly');
  });
});

describe('chooseMethod()', () => {
  const all = { netem: true, tbf: true };
  for (const [title, impairments, ability, method] of [
    ['netem for delay', [{ ...NONE, delay: 1 }], all, 'netem'],
    ['tbf for a rate alone', [{ ...NONE, rate: 1e6 }], { netem: false, tbf: true }, 'tbf'],
    ['our switch without netem', [{ ...NONE, delay: 1 }], { netem: false, tbf: true }, 'switch'],
    ['our switch without tbf', [{ ...NONE, rate: 1e6 }], { netem: true, tbf: false }, 'switch'],
    [
      'one method for all members',
      [
        { ...NONE, rate: 1e6 },
        { ...NONE, lossRatio: 0.1 },
      ],
      { netem: false, tbf: true },
      'switch',
    ],
  ] as const)
    it(`takes ${title}`, () => expect(chooseMethod(impairments, ability)).to.equal(method));
});
