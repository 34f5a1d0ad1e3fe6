import { expect } from 'chai';
import { ingressFilter, ringFilter } from '../../../../src/agent/packet/carry/carry-filters.ts';
import {
  type FlowKey,
  carriedTransport,
  readFlowKey,
  reverseKey,
} from '../../../../src/agent/packet/carry/flow-key.ts';
import { type IpAddress, parseIp } from '../../../../src/base/addresses.ts';
import { LONGEST_PROGRAM } from '../../../../src/kernel/filter-program.ts';
import { buildTcp, buildUdp } from '../../../../src/wire/build.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { runFilter } from './run-filter.ts';

const address = (text: string): IpAddress => {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const frameOf = (packet: Uint8Array): Uint8Array => {
  const etherType = (packet[0] ?? 0) >>> 4 === 4 ? [8, 0] : [0x86, 0xdd];
  return Uint8Array.from([...Array<number>(12).fill(2), ...etherType, ...packet]);
};
const tcp = (
  from: string,
  to: string,
  ports: readonly [number, number],
  flags: number,
): Uint8Array =>
  buildTcp({
    ...{ source: address(from), destination: address(to), sequence: 1, flags },
    ...{ sourcePort: ports[0], destinationPort: ports[1], payload: new Uint8Array(20) },
  });
const keyOf = (packet: Uint8Array): FlowKey => {
  const transport = carriedTransport(packet, 0, packet.length);
  expect(transport).to.be.above(0);
  return readFlowKey(packet, 0, transport);
};

const V4 = tcp('10.1.0.1', '10.2.0.2', [40_000, 443], TCP_FLAG.ACK);
const V6 = tcp('fd00:1::1', 'fd00:2::2', [40_000, 443], TCP_FLAG.ACK);
const OWN = [address('10.1.0.2'), address('fd00:1::2')];
const CARRIED = [V4, V6].map(keyOf).flatMap((key) => [key, reverseKey(key)]);
const RING = ringFilter(CARRIED).encode();
const INGRESS = ingressFilter(CARRIED, OWN).encode();
const PASS = 0xffff_ffff;
const DROP = 2;

describe('agent/packet/carry/carry-filters', () => {
  for (const [what, packet, ring, ingress] of [
    ['a carried segment', V4, 0, PASS],
    ['one of IPv6', V6, 0, PASS],
    ['one of the way back', tcp('10.2.0.2', '10.1.0.1', [443, 40_000], TCP_FLAG.ACK), 0, PASS],
    [
      'the end of a carried flow',
      tcp('10.1.0.1', '10.2.0.2', [40_000, 443], TCP_FLAG.FIN),
      1,
      DROP,
    ],
    ['another port', tcp('10.1.0.1', '10.2.0.2', [40_001, 443], TCP_FLAG.ACK), 1, DROP],
    ['another address', tcp('10.1.0.3', '10.2.0.2', [40_000, 443], TCP_FLAG.ACK), 1, DROP],
    [
      "a packet to the node's own address",
      tcp('10.1.0.1', '10.1.0.2', [1, 2], TCP_FLAG.ACK),
      1,
      PASS,
    ],
    ['one of IPv6', tcp('fd00:1::1', 'fd00:1::2', [1, 2], TCP_FLAG.ACK), 1, PASS],
    ['a link-local one', tcp('fd00:1::1', 'fe80::9', [1, 2], TCP_FLAG.ACK), 1, PASS],
  ] as const)
    it(`ringFilter() and ingressFilter() part ${what}`, () => {
      const frame = frameOf(packet);
      expect(Math.min(1, runFilter(RING, frame)), 'the ring').to.equal(ring);
      expect(runFilter(INGRESS, frame), 'the interface').to.equal(ingress);
    });

  it('ringFilter() takes what is cut short, and fragments: nothing may pass between the two', () => {
    const cut = frameOf(V4).subarray(0, 14 + 20 + 8);
    expect(runFilter(RING, cut)).to.be.above(0);
    expect(runFilter(INGRESS, cut)).to.equal(DROP);
    const fragment = frameOf(V4);
    fragment[14 + 6] = 0x20;
    expect(runFilter(RING, fragment)).to.be.above(0);
    expect(runFilter(INGRESS, fragment)).to.equal(DROP);
  });

  it('ringFilter() finds each of many flows, of both protocols, in a program that the kernel takes', () => {
    const packets = Array.from({ length: 64 }, (_, index) => {
      const ends = { source: address(`fd00:1::${index % 5}`), destination: address('fd00:2::2') };
      const ports = { sourcePort: 1000 + (index % 40), destinationPort: 53 };
      return index % 2 === 0
        ? buildUdp({ ...ends, ...ports, payload: new Uint8Array(20) })
        : buildTcp({ ...ends, ...ports, sequence: 1, flags: TCP_FLAG.ACK });
    });
    const keys = packets.map(keyOf);
    const program = ringFilter([...keys, ...keys.map(reverseKey)]);
    expect(program.length).to.be.below(LONGEST_PROGRAM);
    const encoded = program.encode();
    for (const packet of packets) expect(runFilter(encoded, frameOf(packet))).to.equal(0);
    expect(runFilter(encoded, frameOf(V6))).to.be.above(0);
  });
});
