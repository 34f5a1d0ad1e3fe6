import { expect } from 'chai';
import { addressPlaces, judgedEnd } from '../../../src/agent/packet/frame-packet.ts';
import { parseIp } from '../../../src/base/addresses.ts';
import type { IpAddress } from '../../../src/base/addresses.ts';
import { buildIp, buildUdp } from '../../../src/wire/build.ts';
import { concatBytes, fromHex } from '../../../src/wire/bytes.ts';
import { IP_PROTOCOL } from '../../../src/wire/ip-protocol.ts';

const ONE = '020000000001';
const OTHER = '020000000002';
const GROUP = '333300000001';

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
const ENDS_4 = { source: ip('10.1.0.1'), destination: ip('10.1.0.2') };
const ENDS_6 = { source: ip('fd00::1'), destination: ip('fd00::2') };
const PORTS = { sourcePort: 1, destinationPort: 2, payload: fromHex('01') };
const UDP_4 = buildUdp({ ...ENDS_4, ...PORTS });
const UDP_6 = buildUdp({ ...ENDS_6, ...PORTS });
const icmp6 = (type: number): Uint8Array =>
  buildIp(ENDS_6, IP_PROTOCOL.icmpv6, Uint8Array.from([type, 0, 0, 0, 0, 0, 0, 0]));
const PADDING = new Uint8Array(18);

const judged = (destination: string, etherType: string, packet: Uint8Array): number => {
  const frame = concatBytes(fromHex(`ffff${destination}${ONE}${etherType}`), packet);
  const end = judgedEnd(frame, 2, frame.length);
  return end < 0 ? end : end - 16;
};

describe('judgedEnd()', () => {
  it('ends a packet where its header says, and one whose header is wrong where the frame does', () => {
    expect(judged(OTHER, '0800', concatBytes(UDP_4, PADDING))).to.equal(29);
    expect(judged(OTHER, '86dd', concatBytes(UDP_6, PADDING))).to.equal(49);
    expect(judged(OTHER, '0800', UDP_4.subarray(0, 25))).to.equal(25);
    expect(judged(OTHER, '86dd', UDP_6.subarray(0, 45))).to.equal(45);
  });

  it('judges neither what resolves addresses nor what goes to groups nor other protocols', () => {
    for (const type of [133, 135, 136, 137])
      expect(judged(OTHER, '86dd', icmp6(type))).to.equal(-1);
    expect(judged(OTHER, '86dd', icmp6(128))).to.equal(48);
    expect(judged(GROUP, '86dd', UDP_6)).to.equal(-1);
    expect(judged(OTHER, '0806', PADDING)).to.equal(-1);
  });
});

describe('addressPlaces()', () => {
  it('says where addresses lie', () => {
    const v4 = addressPlaces(true);
    expect(UDP_4.subarray(v4.destination, v4.destination + v4.length)).to.deep.equal(
      ENDS_4.destination.bytes,
    );
    const v6 = addressPlaces(false);
    expect(UDP_6.subarray(v6.source, v6.source + v6.length)).to.deep.equal(ENDS_6.source.bytes);
  });
});
