import { expect } from 'chai';
import { parseIp, type IpAddress } from '../../src/base/addresses.ts';
import { buildUdp } from '../../src/wire/build.ts';
import { PacketView } from '../../src/wire/packet.ts';
import { verifyTransportChecksum } from '../../src/wire/verify.ts';

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function load(bytes: Uint8Array): PacketView {
  const view = new PacketView();
  const memory = Uint8Array.from([1, 2, 3, ...bytes, 4, 5, 6]);
  expect(view.load(memory, 3, 3 + bytes.length), view.fault ?? '').to.equal(true);
  return view;
}

describe('wire/udp', () => {
  it('buildUdp() sends a sum of zero as all ones', () => {
    // The payload is chosen so that the sum of header and pseudo header is 0xffff.
    const spec = {
      source: ip('0.0.0.0'),
      destination: ip('0.0.0.0'),
      sourcePort: 0,
      destinationPort: 0,
    };
    const sum = 17 + 10 + 10;
    const rest = 0xffff - sum;
    const packet = buildUdp({ ...spec, payload: Uint8Array.of(rest >> 8, rest & 0xff) });
    expect(Buffer.from(packet.subarray(26, 28)).toString('hex')).to.equal('ffff');
    expect(verifyTransportChecksum(load(packet))).to.equal('valid');
  });
});
