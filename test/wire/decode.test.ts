import { expect } from 'chai';
import fc from 'fast-check';
import { type IpAddress, parseIp } from '../../src/base/addresses.ts';
import { buildTcp } from '../../src/wire/build.ts';
import { decodeFrame, decodePacket } from '../../src/wire/decode.ts';
import { ETHERTYPE, buildEthernet } from '../../src/wire/ethernet.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('wire/decode', () => {
  it('decodeFrame() tells frames without IP', () => {
    const arp = buildEthernet(hex('020000000002'), hex('020000000001'), ETHERTYPE.arp, hex('0001'));
    const decoded = decodeFrame(arp);
    expect(decoded.ok && decoded.value).to.deep.equal({
      sourceMac: '02:00:00:00:00:01',
      destinationMac: '02:00:00:00:00:02',
      etherType: 0x0806,
      vlans: [],
      packet: null,
    });
  });

  it('decodeFrame() never throws on random bytes', () => {
    const head = fc.constantFrom('0800', '86dd', '8100', '');
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 120 }), (type, bytes) => {
        decodeFrame(Uint8Array.from([...new Uint8Array(12), ...hex(type), ...bytes]));
        decodePacket(bytes);
      }),
    );
  });

  it('decodePacket() reads headers of a packet that the capture cut', () => {
    const packet = buildTcp({
      source: ip('10.0.0.1'),
      destination: ip('10.0.0.2'),
      sourcePort: 1,
      destinationPort: 2,
      sequence: 3,
      flags: TCP_FLAG.ACK,
      payload: new Uint8Array(100),
    });
    expect(decodePacket(packet.subarray(0, 60)).ok).to.equal(false);
    const decoded = decodePacket(packet.subarray(0, 60), packet.length);
    if (!decoded.ok) throw new Error(decoded.error);
    expect(decoded.value.payload.length).to.equal(20);
    expect(decoded.value.payloadLength).to.equal(100);
    expect(decoded.value.tcp?.checksum).to.equal('unknown');
  });
});
