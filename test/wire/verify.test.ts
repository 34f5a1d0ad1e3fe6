import { expect } from 'chai';
import { parseIp, type IpAddress } from '../../src/base/addresses.ts';
import { buildIcmp, buildTcp, buildUdp } from '../../src/wire/build.ts';
import { PacketView } from '../../src/wire/packet.ts';
import { verifyIpChecksum, verifyTransportChecksum } from '../../src/wire/verify.ts';

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

// The SYN of RFC-conforming Linux: 192.168.1.2:43210 > 192.168.1.1:80, MSS 1460, sums made by hand.
const SYN = buildTcp({
  source: ip('192.168.1.2'),
  destination: ip('192.168.1.1'),
  sourcePort: 43_210,
  destinationPort: 80,
  sequence: 0xfffffff0,
  flags: 2,
  options: Uint8Array.of(2, 4, 5, 0xb4),
});

function load(bytes: Uint8Array): PacketView {
  const view = new PacketView();
  const memory = Uint8Array.from([1, 2, 3, ...bytes, 4, 5, 6]);
  expect(view.load(memory, 3, 3 + bytes.length), view.fault ?? '').to.equal(true);
  return view;
}

describe('wire/verify', () => {
  it('verify…Checksum() notice a changed byte', () => {
    for (const at of [8, 25]) {
      const changed = SYN.slice();
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      const view = load(changed);
      const states = [verifyIpChecksum(view), verifyTransportChecksum(view)];
      expect(states, `byte ${at}`).to.include('invalid');
    }
  });

  it('verifyTransportChecksum() takes UDP over IPv4 without a checksum', () => {
    const ends = { source: ip('10.0.0.1'), destination: ip('10.0.0.2') };
    const packet = buildUdp({ ...ends, sourcePort: 1, destinationPort: 2, payload: SYN });
    packet.fill(0, 26, 28);
    expect(verifyTransportChecksum(load(packet))).to.equal('absent');
  });

  for (const [source, destination] of [
    ['10.0.0.1', '10.0.0.2'],
    ['fd00::1', 'fd00::2'],
  ] as const)
    it(`verifyTransportChecksum() knows the sum of ICMP from ${source}`, () => {
      const message = { type: 8, code: 0, id: 3, sequence: 4, data: Uint8Array.of(1, 2, 3) };
      const packet = buildIcmp({ source: ip(source), destination: ip(destination) }, message);
      expect(verifyTransportChecksum(load(packet))).to.equal('valid');
    });
});
