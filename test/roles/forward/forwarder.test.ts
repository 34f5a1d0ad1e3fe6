import { expect } from 'chai';
import fc from 'fast-check';
import { buildIcmp, buildIp, buildUdp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { ipPacketEnd } from '../../../src/roles/forward/forwarder.ts';
import { Router, ip } from './router.ts';

const udp = (
  destination: string,
  {
    ttl = 64,
    size = 20,
    dontFragment = true,
    source = destination.includes(':') ? 'fd00:1::2' : '10.1.0.2',
  } = {},
): Uint8Array =>
  buildUdp({
    source: ip(source),
    destination: ip(destination),
    ttl,
    dontFragment,
    sourcePort: 1000,
    destinationPort: 2000,
    payload: new Uint8Array(size).fill(7),
  });

const view = (packet: Uint8Array): PacketView => {
  const loaded = new PacketView();
  expect(loaded.load(packet, 0, packet.length)).to.equal(true);
  return loaded;
};

/** `type/code from`, of an ICMP error whose checksums hold. */
function errorIn(packet: Uint8Array | undefined): string {
  const error = view(packet ?? new Uint8Array());
  expect(error.verifyIpChecksum()).to.be.oneOf(['valid', 'absent']);
  expect(error.verifyTransportChecksum()).to.equal('valid');
  return `${error.icmpType}/${error.icmpCode} ${error.sourceText} → ${error.destinationText}`;
}

describe('roles/forward/forwarder', () => {
  for (const [destination, mac] of [
    ['10.2.0.2', '020000000202'],
    ['fd00:2::2', '020000000202'],
    ['10.50.1.1', '020000000209'],
  ] as const)
    it(`forward() sends a packet for ${destination} to its next hop, its TTL lowered and its checksum right`, () => {
      const [sent, ...more] = new Router().forward(udp(destination));
      expect(more).to.deep.equal([]);
      expect(sent).to.include({ port: 1, mac, isNew: false });
      const found = view(sent?.packet ?? new Uint8Array());
      expect(found.ttl).to.equal(63);
      expect(found.verifyIpChecksum()).to.be.oneOf(['valid', 'absent']);
      expect(found.verifyTransportChecksum()).to.equal('valid');
    });

  it('forward() lowers the TTL of literal bytes as RFC 1624 has it', () => {
    const packet = Uint8Array.from(
      Buffer.from('4500001c00010000401165b30a0100020a32010103e807d000080000', 'hex'),
    );
    expect(new Router().forwarder.classify(packet, 0, packet.length)).to.equal('malformed');
    packet.set([0x65, 0x9b], 10);
    expect(new Router().forwarder.classify(packet, 0, packet.length)).to.equal('forward');
    const [sent] = new Router().forward(packet);
    expect(Buffer.from(sent?.packet.subarray(8, 12) ?? []).toString('hex')).to.equal('3f11669b');
  });

  for (const [what, destination, options, error] of [
    ['TTL exceeded', '10.2.0.2', { ttl: 1 }, '11/0 10.1.0.1 → 10.1.0.2'],
    ['hop limit exceeded', 'fd00:2::2', { ttl: 1 }, '3/0 fd00:1::1 → fd00:1::2'],
    ['fragmentation needed', '10.2.0.2', { size: 1400 }, '3/4 10.1.0.1 → 10.1.0.2'],
    ['packet too big', 'fd00:2::2', { size: 1400 }, '2/0 fd00:1::1 → fd00:1::2'],
    ['network unreachable', '192.0.2.1', {}, '3/0 10.1.0.1 → 10.1.0.2'],
    ['no route', '2001:db8::1', {}, '1/0 fd00:1::1 → fd00:1::2'],
    ['host unreachable', '10.2.0.77', {}, '3/1 10.1.0.1 → 10.1.0.2'],
    ['address unreachable', 'fd00:2::77', {}, '1/3 fd00:1::1 → fd00:1::2'],
    ['an unreachable route', '10.50.7.1', {}, '3/1 10.1.0.1 → 10.1.0.2'],
  ] as const)
    it(`forward() answers with an ICMP error: ${what}`, () => {
      const router = new Router();
      const [sent, ...more] = router.forward(udp(destination, options));
      expect(more).to.deep.equal([]);
      expect(sent).to.include({ port: 0, mac: '020000000102', isNew: true });
      expect(errorIn(sent?.packet)).to.equal(error);
      expect(router.forwarder.dropped).to.equal(1);
    });

  it('forward() tells the MTU of the next link', () => {
    const [v4] = new Router().forward(udp('10.2.0.2', { size: 1400 }));
    expect(Buffer.from(v4?.packet.subarray(24, 28) ?? []).toString('hex')).to.equal('00000500');
    const [v6] = new Router().forward(udp('fd00:2::2', { size: 1400 }));
    expect(Buffer.from(v6?.packet.subarray(44, 48) ?? []).toString('hex')).to.equal('00000500');
    expect(v6?.packet.length).to.be.at.most(1280);
    expect(v4?.packet.length).to.be.at.most(576);
  });

  it('forward() swallows what goes into a blackhole', () => {
    expect(new Router().forward(udp('10.50.8.1'))).to.deep.equal([]);
  });

  it('forward() does not answer ICMP errors, later fragments or sources that are not one host', () => {
    const error = { type: 3, code: 1, id: 0, sequence: 0, data: new Uint8Array(28) };
    const common = { source: ip('10.1.0.2'), destination: ip('192.0.2.1') };
    for (const packet of [
      buildIcmp(common, error),
      buildIp({ ...common, fragmentOffset: 800 }, 17, new Uint8Array(40)),
      buildIp({ ...common, source: ip('224.0.0.1') }, 17, new Uint8Array(40)),
      buildIcmp({ source: ip('fd00:1::2'), destination: ip('2001:db8::1') }, { ...error, type: 1 }),
    ])
      expect(new Router().forward(packet)).to.deep.equal([]);
    expect(new Router().forward(buildIcmp(common, { ...error, type: 8, code: 0 }))).to.have.length(
      1,
    );
  });

  it('forward() sends no more than a burst of errors at once, and then a thousand a second', () => {
    const router = new Router();
    const answers = (now: number): number =>
      Array.from({ length: 100 }, () => router.forward(udp('192.0.2.1'), now)).flat().length;
    expect(answers(1e15)).to.equal(50);
    expect(answers(1e15 + 10_000)).to.equal(10);
  });

  it('forward() fragments what may be fragmented', () => {
    const sent = new Router().forward(udp('10.2.0.2', { size: 3000, dontFragment: false }));
    expect(sent.map(({ packet }) => packet.length)).to.deep.equal([1276, 1276, 516]);
    for (const { packet } of sent) expect(view(packet).ttl).to.equal(63);
  });

  it('forward() judges a frame that the interface will segment by its segments', () => {
    const router = new Router();
    const packet = udp('10.2.0.2', { size: 9000 });
    router.forwarder.forward(packet, 0, packet.length, 1e15, router, 1280);
    expect(router.sent.map(({ isNew }) => isNew)).to.deep.equal([false]);
  });

  for (const [what, packet, wished] of [
    ['a packet for elsewhere', udp('10.2.0.2'), 'forward'],
    ['a packet for nowhere', udp('192.0.2.1'), 'forward'],
    ['its own address', udp('10.2.0.1'), 'kernel'],
    ['multicast', udp('ff02::1'), 'kernel'],
    ['a link-local source', udp('fd00:2::2', { source: 'fe80::1' }), 'kernel'],
    ['no IP at all', Uint8Array.of(0x10, 0, 0), 'malformed'],
    ['a header that is cut off', udp('10.2.0.2').subarray(0, 15), 'malformed'],
    ['a length beyond the frame', udp('fd00:2::2').subarray(0, 50), 'malformed'],
  ] as const)
    it(`classify() says "${wished}" of ${what}`, () => {
      expect(new Router().forwarder.classify(packet, 0, packet.length)).to.equal(wished);
    });

  it('inject() sends a packet by its destination with the TTL that it has', () => {
    const router = new Router();
    const packet = udp('10.2.0.2', { ttl: 1 });
    expect(router.forwarder.inject(packet, 0, packet.length, router)).to.equal(true);
    expect(view(router.sent[0]?.packet ?? new Uint8Array()).ttl).to.equal(1);
    const lost = udp('192.0.2.1');
    expect(router.forwarder.inject(lost, 0, lost.length, router)).to.equal(false);
  });

  it('ipPacketEnd() leaves out padding', () => {
    for (const packet of [udp('10.2.0.2'), udp('fd00:2::2')]) {
      const padded = new Uint8Array(packet.length + 30);
      padded.set(packet, 10);
      expect(ipPacketEnd(padded, 10)).to.equal(10 + packet.length);
    }
  });

  it('classify() and forward() never throw on random bytes', () => {
    const router = new Router();
    fc.assert(
      fc.property(
        fc.constantFrom(0x45, 0x4f, 0x60),
        fc.uint8Array({ maxLength: 100 }),
        (first, rest) => {
          const packet = Uint8Array.from([first, ...rest]);
          router.forwarder.classify(packet, 0, packet.length);
          router.forward(packet);
        },
      ),
    );
  });
});
