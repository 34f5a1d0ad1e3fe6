import { expect } from 'chai';
import { resolveHealthcheck } from '../../../src/agent/container/healthcheck.ts';

const UNSAID = { interval: null, timeout: null, startPeriod: null, retries: null };
const own = { argv: ['true'], interval: 10, timeout: 20, retries: 1, startPeriod: 0 };

describe('resolveHealthcheck()', () => {
  it('takes that of the scenario as it is', () =>
    expect(
      resolveHealthcheck(own, { healthcheck: { ...UNSAID, test: ['CMD', 'false'] } }),
    ).to.equal(own));
  it('has none when the scenario wants none', () =>
    expect(
      resolveHealthcheck('none', { healthcheck: { ...UNSAID, test: ['CMD', 'false'] } }),
    ).to.equal(null));
  it('asks more often than the image, as patiently', () =>
    expect(
      resolveHealthcheck('image', {
        healthcheck: { ...UNSAID, interval: 10_000, retries: 2, test: ['CMD', 'check', 'it'] },
      }),
    ).to.deep.equal({
      ...{ argv: ['check', 'it'], interval: 500, timeout: 30_000, retries: 40, startPeriod: 0 },
    }));
  const tests: [string[], string[] | undefined][] = [
    [
      ['CMD-SHELL', 'a || b'],
      ['/bin/sh', '-c', 'a || b'],
    ],
    [['NONE'], undefined],
    [[], undefined],
    [['CMD'], undefined],
  ];
  for (const [test, argv] of tests)
    it(`reads ${JSON.stringify(test)} of an image`, () =>
      expect(resolveHealthcheck('image', { healthcheck: { ...UNSAID, test } })?.argv).to.deep.equal(
        argv,
      ));
});
