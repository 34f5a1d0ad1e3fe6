import { expect } from 'chai';
import {
  claimPackets,
  inOrder,
  ipLength,
  isTraced,
} from '../../../src/analysis/traces/claim-packets.ts';
import { timeVisits } from '../../../src/analysis/traces/visits.ts';
import { parseIp } from '../../../src/base/addresses.ts';
import { buildUdp } from '../../../src/wire/build.ts';
import { LINKTYPE } from '../../../src/wire/pcap.ts';

function udp(source: string, destination: string): Uint8Array {
  const [from, to] = [parseIp(source), parseIp(destination)];
  if (!from.ok || !to.ok) throw new Error('No addresses');
  return buildUdp({
    ...{ source: from.value, destination: to.value, sourcePort: 1, destinationPort: 2 },
    payload: new Uint8Array(72),
  });
}

describe('claimPackets()', () => {
  it('has each packet of a visit with its time and size, and counts malformed ones', () => {
    const packets = [
      udp('10.0.0.1', '10.0.0.2'),
      udp('fd00::1', 'fd00::2'),
      udp('10.0.0.1', '10.0.0.2').subarray(0, 12),
      udp('10.0.0.1', '10.0.0.2'),
    ];
    const records = packets.map((data, index) => ({
      ...{ frame: index + 1, time: 1_000_000 + index * 3_000_000, length: data.length, data },
      linkType: LINKTYPE.LINKTYPE_RAW,
    }));
    const visits = timeVisits([
      {
        ...{ flow: 'page', attempt: 1, site: 'page', visit: 1, node: 'client', failure: null },
        ...{ begin: 0, end: 6_000_000 },
      },
    ]);
    const claimed: [frame: number, time: number, size: number | null][] = [];
    const malformed = claimPackets(
      records,
      visits,
      new Map(),
      undefined,
      ({ record, time, view }) =>
        claimed.push([record.frame, time, view !== null && isTraced(view) ? ipLength(view) : null]),
    );
    expect(malformed).to.equal(1);
    expect(claimed).to.deep.equal([
      [1, 1_000_000, 100],
      [2, 4_000_000, 120],
      [3, 7_000_000, null],
    ]);
  });
});

describe('inOrder()', () => {
  it('leaves what is in order, and sorts the rest without changing what is equal', () => {
    expect(inOrder([1, 2, 2, 3])).to.deep.equal([0, 1, 2, 3]);
    expect(inOrder([3, 1, 2, 1])).to.deep.equal([1, 3, 2, 0]);
  });
});
