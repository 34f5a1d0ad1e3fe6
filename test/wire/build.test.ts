import { expect } from 'chai';
import fc from 'fast-check';
import { type IpAddress, ipFromBigInt, parseIp } from '../../src/base/addresses.ts';
import { buildIcmp, buildIp, buildTcp, buildUdp } from '../../src/wire/build.ts';
import { decodePacket } from '../../src/wire/decode.ts';
import { buildFragmentHeader } from '../../src/wire/ipv6.ts';

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const addresses = fc.oneof(
  fc
    .tuple(fc.bigInt(0n, 2n ** 32n - 1n), fc.bigInt(0n, 2n ** 32n - 1n))
    .map(([a, b]) => [ipFromBigInt(a, 4), ipFromBigInt(b, 4)] as const),
  fc
    .tuple(fc.bigInt(0n, 2n ** 128n - 1n), fc.bigInt(0n, 2n ** 128n - 1n))
    .map(([a, b]) => [ipFromBigInt(a, 6), ipFromBigInt(b, 6)] as const),
);
const port = fc.nat(0xffff);

describe('wire/build', () => {
  it('buildUdp() writes the bytes that Linux writes', () => {
    // 127.0.0.1:4000 > 127.0.0.1:53 with payload "hi", checksums recomputed by hand.
    const packet = buildUdp({
      source: ip('127.0.0.1'),
      destination: ip('127.0.0.1'),
      sourcePort: 4000,
      destinationPort: 53,
      payload: Uint8Array.from([0x68, 0x69]),
    });
    expect(Buffer.from(packet).toString('hex')).to.equal(
      '4500001e000040004011' +
        '3ccd' +
        '7f0000017f000001' +
        '0fa0' +
        '0035' +
        '000a' +
        '8999' +
        '6869',
    );
  });

  it('decodePacket() of buildTcp() is the segment, with valid checksums', () => {
    fc.assert(
      fc.property(
        addresses,
        port,
        port,
        fc.nat(0xffffffff),
        fc.nat(0xffffffff),
        fc.nat(255),
        fc.uint8Array({ maxLength: 100 }),
        fc
          .uint8Array({ maxLength: 10 })
          .map((o) => Uint8Array.from([...o, ...new Uint8Array((4 - (o.length % 4)) % 4)])),
        (
          [source, destination],
          sourcePort,
          destinationPort,
          sequence,
          acknowledgment,
          flags,
          payload,
          options,
        ) => {
          const packet = buildTcp({
            source,
            destination,
            sourcePort,
            destinationPort,
            sequence,
            acknowledgment,
            flags,
            window: 512,
            ttl: 7,
            id: 99,
            options,
            payload,
          });
          const decoded = decodePacket(packet);
          if (!decoded.ok) throw new Error(decoded.error);
          expect(decoded.value.tcp).to.deep.equal({
            sourcePort,
            destinationPort,
            sequence,
            acknowledgment,
            flags,
            window: 512,
            options,
            checksum: 'valid',
          });
          expect(decoded.value.payload).to.deep.equal(payload);
          expect(decoded.value.ip).to.include({ ttl: 7, version: source.family });
          expect(decoded.value.ip.checksum).to.equal(source.family === 4 ? 'valid' : 'absent');
        },
      ),
    );
  });

  it('decodePacket() of buildUdp() is the datagram, with valid checksums', () => {
    fc.assert(
      fc.property(
        addresses,
        port,
        port,
        fc.uint8Array({ maxLength: 100 }),
        ([source, destination], sourcePort, destinationPort, payload) => {
          const decoded = decodePacket(
            buildUdp({ source, destination, sourcePort, destinationPort, payload }),
          );
          if (!decoded.ok) throw new Error(decoded.error);
          expect(decoded.value.udp).to.deep.equal({
            sourcePort,
            destinationPort,
            checksum: 'valid',
          });
          expect(decoded.value.payload).to.deep.equal(payload);
        },
      ),
    );
  });

  for (const [source, destination] of [
    ['10.0.0.1', '10.0.0.2'],
    ['fd00::1', 'fd00::2'],
  ] as const)
    it(`buildIcmp() gives an echo from ${source} with a valid checksum`, () => {
      const message = { type: 8, code: 0, id: 3, sequence: 4, data: Uint8Array.of(1, 2, 3) };
      const decoded = decodePacket(
        buildIcmp({ source: ip(source), destination: ip(destination) }, message),
      );
      if (!decoded.ok) throw new Error(decoded.error);
      expect(decoded.value.icmp).to.deep.equal(message);
    });

  it('buildIp() and buildFragmentHeader() give fragments that decode as such', () => {
    const spec = { source: ip('fd00::1'), destination: ip('fd00::2') };
    const payload = Uint8Array.from([
      ...buildFragmentHeader(17, 16, true, 77),
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
    ]);
    const decoded = decodePacket(buildIp(spec, 44, payload));
    if (!decoded.ok) throw new Error(decoded.error);
    expect(decoded.value.ip.fragment).to.deep.equal({ id: 77, offset: 16, more: true });
    expect(decoded.value.udp).to.equal(null);
    expect(decoded.value.payload.length).to.equal(8);
  });

  const tcp = { sourcePort: 1, destinationPort: 2, sequence: 3, flags: 0x20 } as const;
  const v4 = { source: ip('10.0.0.1'), destination: ip('10.0.0.2') } as const;
  const v6 = { source: ip('fd00::1'), destination: ip('fd00::2') } as const;
  const hexOf = (packet: Uint8Array, from: number, to: number): string =>
    Buffer.from(packet.subarray(from, to)).toString('hex');

  it('buildTcp() writes urgent pointer, data offset and reserved bits as they are', () => {
    const fields = { urgentPointer: 0x1234, dataOffset: 15, reserved: 0x5, window: 9 };
    const packet = buildTcp({ ...v4, ...tcp, ...fields });
    expect(hexOf(packet, 20, 36)).to.equal('00010002000000030000000' + '0f5200009');
    expect(hexOf(packet, 38, 40)).to.equal('1234');
  });

  it('buildIp() writes every field of an IPv4 header', () => {
    const spec = { ...v4, ttl: 3, trafficClass: 0xb8, id: 0xabcd, dontFragment: false };
    const packet = buildIp(
      { ...spec, moreFragments: true, fragmentOffset: 1480, ipChecksum: 0x1111 },
      253,
      new Uint8Array(0),
    );
    expect(hexOf(packet, 0, 12)).to.equal('45b80014' + 'abcd20b9' + '03fd1111');
  });

  it('buildIp() writes every field of an IPv6 header, and of its Fragment header', () => {
    const spec = { ...v6, ttl: 3, trafficClass: 0xb8, flowLabel: 0xabcde, id: 0x01020304 };
    expect(hexOf(buildIp(spec, 253, Uint8Array.of(7)), 0, 8)).to.equal('6b8abcde' + '0001fd03');
    const packet = buildIp(
      { ...spec, moreFragments: true, fragmentOffset: 1480 },
      253,
      Uint8Array.of(7),
    );
    expect(hexOf(packet, 0, 8)).to.equal('6b8abcde' + '00092c03');
    expect(hexOf(packet, 40, 49)).to.equal('fd0005c9' + '01020304' + '07');
  });

  it('buildTcp() in the only fragment of IPv6 has a right checksum (RFC 6946)', () => {
    const decoded = decodePacket(buildTcp({ ...v6, ...tcp, fragmentOffset: 0 }));
    if (!decoded.ok) throw new Error(decoded.error);
    expect(decoded.value.ip.fragment).to.deep.equal({ id: 0, offset: 0, more: false });
    expect(decoded.value.tcp?.sourcePort).to.equal(1);
    const plain = buildTcp({ ...v6, ...tcp });
    expect(hexOf(buildTcp({ ...v6, ...tcp, fragmentOffset: 0 }), 48, 68)).to.equal(
      hexOf(plain, 40, 60),
    );
  });

  for (const [name, ends] of Object.entries({ v4, v6 }))
    it(`buildTcp() and buildUdp() over ${name} write wrong checksums on purpose`, () => {
      const payload = Uint8Array.of(1, 2);
      const ports = { sourcePort: 1, destinationPort: 2 };
      const states = [
        decodePacket(buildTcp({ ...ends, ...tcp, payload, checksum: 'wrong' })),
        decodePacket(buildUdp({ ...ends, ...ports, payload, checksum: 'wrong' })),
        decodePacket(buildUdp({ ...ends, ...ports, payload, checksum: 0 })),
      ].map((decoded) => decoded.ok && (decoded.value.tcp ?? decoded.value.udp)?.checksum);
      expect(states).to.deep.equal(['invalid', 'invalid', name === 'v4' ? 'absent' : 'invalid']);
    });

  it('buildTcp() writes a wrong IPv4 checksum, and the checksum that it is given', () => {
    const packet = buildTcp({ ...v4, ...tcp, ipChecksum: 'wrong', checksum: 0xbeef });
    const decoded = decodePacket(packet);
    expect(decoded.ok && decoded.value.ip.checksum).to.equal('invalid');
    expect(hexOf(packet, 36, 38)).to.equal('beef');
  });

  it('buildUdp() writes the length that it is given', () => {
    const payload = Uint8Array.of(1, 2);
    const packet = buildUdp({ ...v4, sourcePort: 1, destinationPort: 2, payload, length: 500 });
    expect(hexOf(packet, 24, 26)).to.equal('01f4');
  });
});
