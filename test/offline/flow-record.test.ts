import { expect } from 'chai';
import { FlowRecord } from '../../src/offline/flow-record.ts';

const key = (protocol: number): number[] => [
  (4 << 8) | protocol,
  (9 << 16) | 80,
  0x0a000001,
  0x0a000002,
];

describe('FlowRecord', () => {
  it('puts its ends into words', () => {
    expect(new FlowRecord(1, key(6), true, 1)).to.include({
      ...{ client: '10.0.0.1', clientPort: 9, server: '10.0.0.2', serverPort: 80, protocol: 'tcp' },
    });
    expect(new FlowRecord(1, key(17), false, 1)).to.include({
      ...{ client: '10.0.0.2', clientPort: 80, server: '10.0.0.1', serverPort: 9, protocol: 'udp' },
    });
    expect(new FlowRecord(1, key(1), true, 1).protocol).to.equal('icmp');
    expect(new FlowRecord(1, key(47), true, 1).protocol).to.equal('other');
  });

  it('notes each act once, and only some', () => {
    const flow = new FlowRecord(1, key(6), true, 1);
    expect(flow.isTouched).to.equal(false);
    for (let at = 0; at < 40; at += 1)
      flow.note({ rule: `rule ${at % 20}`, action: 'drop', detail: '', frame: at });
    expect(flow.acts).to.have.lengthOf(16);
    expect(flow.acts[3]).to.include({ frame: 3 });
    expect(flow.isTouched).to.equal(true);
  });
});
