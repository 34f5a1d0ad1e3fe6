import { describeClocks, describeLinks, describeSeconds } from '../../src/trial/describe-phase.ts';
import type { LinkMeasurement } from '../../src/model/rpc.ts';
import { type MachineRecord, OWN_CLOCK } from '../../src/model/machine.ts';
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

describe('describeClocks()', () => {
  const machine = (name: string, clock: MachineRecord['clock']): MachineRecord => ({
    name,
    reached: name,
    kernel: '',
    agent: '',
    node: '',
    underlay: null,
    clock,
  });

  it('says what is added to the times of each far machine', () => {
    const machines = [
      machine('local', OWN_CLOCK),
      machine('edge', { ...OWN_CLOCK, offset: 1200, error: 95, samples: 9 }),
      machine('core', { ...OWN_CLOCK, offset: -3_700_000, error: 1_200_000, samples: 9 }),
      machine('gone', { ...OWN_CLOCK, error: Number.MAX_SAFE_INTEGER }),
    ];
    expect(describeClocks(machines)).to.equal(
      'edge +1.20 ms ± 0.1 ms · core -3.70 s ± 1.20 s · gone unknown',
    );
  });

  it('says nothing of the own one', () => {
    expect(describeClocks([machine('local', OWN_CLOCK)])).to.equal(null);
  });
});
