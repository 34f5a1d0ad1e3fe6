import { expect } from 'chai';
import { buildIcmpError, mayCauseError } from '../../../src/roles/forward/icmp-error.ts';
import { buildFragmentHeader } from '../../../src/wire/ipv6.ts';
import { buildIp, buildUdp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { ip } from './router.ts';

describe('roles/forward/icmp-error', () => {
  const datagram = (source: string, destination: string, size: number): Uint8Array =>
    buildUdp({
      source: ip(source),
      destination: ip(destination),
      sourcePort: 1,
      destinationPort: 2,
      payload: new Uint8Array(size),
    });

  for (const [source, destination, router, longest] of [
    ['10.0.0.1', '10.0.1.1', '10.0.0.254', 576],
    ['fd00::1', 'fd00:1::1', 'fd00::fe', 1280],
  ] as const)
    it(`buildIcmpError() quotes the packet up to ${longest} bytes in all`, () => {
      const packet = datagram(source, destination, 1400);
      const error = buildIcmpError('time-exceeded', packet, 0, packet.length, ip(router), 0);
      expect(error.length).to.equal(longest);
      const view = new PacketView();
      expect(view.load(error, 0, error.length)).to.equal(true);
      expect(view.sourceText).to.equal(router);
      expect(view.destinationText).to.equal(source);
      expect(view.verifyTransportChecksum()).to.equal('valid');
      expect(view.payload).to.deep.equal(packet.subarray(0, view.payload.length));
      const short = datagram(source, destination, 8);
      const header = packet.length - 1400 - 8 + 8;
      expect(buildIcmpError('no-route', short, 0, short.length, ip(router), 0)).to.have.length(
        header + short.length,
      );
    });

  it('mayCauseError() refuses later fragments of IPv6 and packets whose headers cannot be read', () => {
    const common = { source: ip('fd00::1'), destination: ip('fd00::2') };
    const fragment = (offset: number): Uint8Array =>
      buildIp(
        common,
        44,
        Uint8Array.from([...buildFragmentHeader(17, offset, true, 9), ...new Uint8Array(40)]),
      );
    const may = (packet: Uint8Array): boolean => mayCauseError(6, packet, 0, packet.length);
    expect(may(fragment(0))).to.equal(true);
    expect(may(fragment(800))).to.equal(false);
    expect(may(buildIp(common, 0, Uint8Array.of(17, 9)))).to.equal(false);
  });
});
