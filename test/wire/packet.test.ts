import { expect } from 'chai';
import fc from 'fast-check';
import { parseIp, type IpAddress } from '../../src/base/addresses.ts';
import { buildIp, buildTcp } from '../../src/wire/build.ts';
import { buildFragmentHeader } from '../../src/wire/ipv6.ts';
import { formatPacket } from '../../src/wire/format.ts';
import { PacketView } from '../../src/wire/packet.ts';
import { verifyIpChecksum, verifyTransportChecksum } from '../../src/wire/verify.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

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

// IPv6 with a hop-by-hop header and a destination options header before UDP 5 > 53 "x".
const EXTENDED = hex(`60000000 0019 00 40
  fd000000000000000000000000000001 fd000000000000000000000000000002
  3c 00 0000 0000 0000  11 00 0000 0000 0000  0005 0035 0009 0000 78`);

function load(bytes: Uint8Array): PacketView {
  const view = new PacketView();
  const memory = Uint8Array.from([1, 2, 3, ...bytes, 4, 5, 6]);
  expect(view.load(memory, 3, 3 + bytes.length), view.fault ?? '').to.equal(true);
  return view;
}

describe('wire/packet', () => {
  it('PacketView reads a SYN in the middle of memory', () => {
    const view = load(SYN);
    expect(view).to.include({
      version: 4,
      protocol: 6,
      ttl: 64,
      sourcePort: 43_210,
      destinationPort: 80,
      sequence: 0xfffffff0,
      flags: 2,
      payloadLength: 0,
      isTcp: true,
      isUdp: false,
      sourceText: '192.168.1.2',
      destinationText: '192.168.1.1',
    });
    expect(verifyIpChecksum(view)).to.equal('valid');
    expect(verifyTransportChecksum(view)).to.equal('valid');
  });

  it('PacketView walks extension headers', () => {
    const view = load(EXTENDED);
    expect(view).to.include({ version: 6, protocol: 17, sourcePort: 5, destinationPort: 53 });
    expect(Array.from(view.payload)).to.deep.equal([0x78]);
    expect(verifyIpChecksum(view)).to.equal('absent');
    expect(verifyTransportChecksum(view)).to.equal('invalid');
  });

  it('PacketView leaves out link padding', () => {
    expect(load(Uint8Array.from([...SYN, 0, 0, 0])).end).to.equal(3 + SYN.length);
  });

  const faults: readonly (readonly [string, Uint8Array, string])[] = [
    ['nothing', hex(''), 'Packet is empty'],
    ['another version', hex('50'), 'neither 4 nor 6'],
    ['a cut IPv4 header', SYN.subarray(0, 19), '20-byte header'],
    ['a header length of 4 words', hex(`44${'00'.repeat(19)}`), 'below 5 words'],
    ['cut options', hex(`46${'00'.repeat(19)}`), 'ends within its options'],
    [
      'a total length below the header',
      hex(`45000013${'00'.repeat(16)}`),
      'shorter than the header',
    ],
    ['a cut packet', SYN.subarray(0, 43), 'longer than the packet'],
    ['a cut IPv6 header', EXTENDED.subarray(0, 39), '40-byte header'],
    ['a cut IPv6 payload', EXTENDED.subarray(0, 64), 'longer than the packet'],
    [
      'a cut extension header',
      hex(`60000000 0004 00 40${'00'.repeat(32)} 11000000`),
      'within an extension',
    ],
    [
      'a long extension header',
      hex(`60000000 0008 00 40${'00'.repeat(32)} 11ff000000000000`),
      'longer than the packet',
    ],
    [
      'a cut TCP header',
      hex(`45000027 00000000 4006 0000 ${'00'.repeat(27)}`),
      'TCP segment is shorter',
    ],
    [
      'a TCP offset of 4 words',
      hex(`45000028 00000000 4006 0000 ${'00'.repeat(20)} 40 ${'00'.repeat(7)}`),
      'offset is below',
    ],
    [
      'cut TCP options',
      hex(`45000028 00000000 4006 0000 ${'00'.repeat(20)} 60 ${'00'.repeat(7)}`),
      'within its options',
    ],
    [
      'a UDP length of 7',
      hex(`4500001c 00000000 4011 0000 ${'00'.repeat(12)} 0007 0000`),
      'below 8',
    ],
    [
      'a UDP length beyond',
      hex(`4500001c 00000000 4011 0000 ${'00'.repeat(12)} 0009 0000`),
      'longer than the packet',
    ],
    [
      'a cut ICMP header',
      hex(`45000018 00000000 4001 0000 ${'00'.repeat(12)}`),
      'ICMP message is shorter',
    ],
  ];
  for (const [what, bytes, wish] of faults)
    it(`load() refuses ${what}`, () => {
      const view = new PacketView();
      expect(view.load(bytes, 0, bytes.length)).to.equal(false);
      expect(view.fault).to.include(wish);
    });

  it('load() takes a first fragment that is too small for its transport header', () => {
    const spec = { source: ip('10.0.0.1'), destination: ip('10.0.0.2'), moreFragments: true };
    const view = load(buildIp(spec, 6, new Uint8Array(8)));
    expect(view).to.include({ hasTransport: false, isFragment: true, moreFragments: true });
  });

  it('load() reads fragments of both families', () => {
    const v4 = { source: ip('10.0.0.1'), destination: ip('10.0.0.2'), id: 9, fragmentOffset: 1480 };
    expect(load(buildIp(v4, 17, new Uint8Array(4)))).to.include({
      fragmentOffset: 1480,
      moreFragments: false,
      fragmentId: 9,
      hasTransport: false,
    });
    const v6 = { source: ip('fd00::1'), destination: ip('fd00::2') };
    const payload = Uint8Array.from([...buildFragmentHeader(6, 1448, true, 0xdeadbeef), 1, 2]);
    expect(load(buildIp(v6, 44, payload))).to.include({
      protocol: 6,
      fragmentOffset: 1448,
      moreFragments: true,
      fragmentId: 0xdeadbeef,
      payloadLength: 2,
    });
  });

  it('tcpOptions and urgentPointer are read where they lie', () => {
    const view = load(
      buildTcp({
        source: ip('10.0.0.1'),
        destination: ip('10.0.0.2'),
        sourcePort: 1,
        destinationPort: 2,
        sequence: 3,
        flags: 0x20,
        urgentPointer: 7,
        options: Uint8Array.of(3, 3, 7),
        payload: Uint8Array.of(9),
      }),
    );
    expect(view.urgentPointer).to.equal(7);
    expect(view.tcpOptions).to.deep.equal(Uint8Array.of(3, 3, 7, 0));
  });

  it('load() never throws on random bytes and never looks past the end', () => {
    const view = new PacketView();
    const first = fc.constantFrom(0x45, 0x46, 0x60, 0x00);
    fc.assert(
      fc.property(first, fc.uint8Array({ maxLength: 120 }), (version, rest) => {
        const bytes = Uint8Array.from([version, ...rest]);
        formatPacket(bytes);
        if (!view.load(bytes, 0, bytes.length)) return;
        expect(view.payloadStart).to.be.within(20, view.payloadEnd);
        expect(view.payloadEnd).to.be.at.most(bytes.length);
        verifyIpChecksum(view);
        verifyTransportChecksum(view);
      }),
      { numRuns: 2000 },
    );
  });
});
