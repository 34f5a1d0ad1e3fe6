import { expect } from 'chai';
import type { FlowAct } from '../../src/offline/act.ts';
import { FlowRecord } from '../../src/offline/flow-record.ts';

const key = (protocol: number): number[] => [
  (4 << 8) | protocol,
  (9 << 16) | 80,
  0x0a000001,
  0x0a000002,
];

const SUMS = {
  number: 1,
  firstFrame: 1,
  lastFrame: 1,
  packets: 1,
  bytes: 40,
  dropped: 0,
  altered: 0,
  injected: 0,
};

const ACT: FlowAct = { rule: 'names', action: 'match', detail: '', frame: 1 };

describe('FlowRecord', () => {
  it('puts its ends into words', () => {
    expect(new FlowRecord(key(6), true, SUMS, [])).to.include({
      ...{ client: '10.0.0.1', clientPort: 9, server: '10.0.0.2', serverPort: 80, protocol: 'tcp' },
    });
    expect(new FlowRecord(key(17), false, SUMS, [])).to.include({
      ...{ client: '10.0.0.2', clientPort: 80, server: '10.0.0.1', serverPort: 9, protocol: 'udp' },
    });
    expect(new FlowRecord(key(1), true, SUMS, []).protocol).to.equal('icmp');
    expect(new FlowRecord(key(47), true, SUMS, []).protocol).to.equal('other');
  });

  for (const [what, sums, acts] of [
    ['an act', {}, [ACT]],
    ['a drop', { dropped: 1 }, []],
    ['a delay', { altered: 1 }, []],
    ['an injection', { injected: 1 }, []],
  ] as const)
    it(`is touched by ${what}`, () => {
      expect(new FlowRecord(key(6), true, SUMS, []).isTouched).to.equal(false);
      expect(new FlowRecord(key(6), true, { ...SUMS, ...sums }, acts).isTouched).to.equal(true);
    });
});
