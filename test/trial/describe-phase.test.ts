import { describeLinks, describeSeconds } from '../../src/trial/describe-phase.ts';
import type { LinkMeasurement } from '../../src/model/rpc.ts';
import { expect } from 'chai';

const link = (network: string, more: Partial<LinkMeasurement>): LinkMeasurement => ({
  network,
  from: 'a',
  to: 'b',
  delay: 5,
  jitter: 0,
  lossRatio: 0,
  rate: null,
  misses: [],
  ...more,
});

describe('describeLinks()', () => {
  it('names each network once, with its slower direction', () => {
    const links = [
      link('inside', {}),
      link('inside', { delay: 20.13 }),
      link('outside', { rate: 98_700_000, lossRatio: 0.01 }),
    ];
    expect(describeLinks(links)).to.equal(
      'inside 20.1 ms · outside 5.00 ms, 98.7 Mbit/s, 1.0% loss',
    );
  });
});

describe('describeSeconds()', () => {
  it('gives what people can use', () => {
    expect([48, 210, 12_340].map(describeSeconds)).to.deep.equal(['0.05 s', '0.21 s', '12.3 s']);
  });
});
