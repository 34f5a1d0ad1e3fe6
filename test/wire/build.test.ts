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
});
