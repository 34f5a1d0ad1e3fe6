import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { buildTcp } from '../../src/wire/build.ts';
import { decodePacket } from '../../src/wire/decode.ts';
import { signTcp } from '../../src/wire/tcp-md5.ts';
import { type TcpOptionSpec, emitTcpOptions, readTcpOptions } from '../../src/wire/tcp-options.ts';
import { ip } from '../roles/forward/router.ts';

const digest = (signed: Uint8Array): Uint8Array =>
  createHash('md5').update(signed).update('secret').digest();
const room: TcpOptionSpec = { kind: 'md5', digest: new Uint8Array(16) };

const segment = (options: readonly TcpOptionSpec[], source: string, destination: string) =>
  buildTcp({
    source: ip(source),
    destination: ip(destination),
    sourcePort: 179,
    destinationPort: 40_000,
    sequence: 1,
    acknowledgment: 2,
    flags: 0x18,
    options: emitTcpOptions(options),
    payload: Uint8Array.of(1, 2, 3),
  });

describe('wire/tcp-md5', () => {
  it('signTcp() digests pseudo-header, header without options or checksum, and data', () => {
    const packet = segment([room], '10.0.0.1', '10.0.0.2');
    let signed = '';
    signTcp(packet, (bytes) => {
      signed = Buffer.from(bytes).toString('hex');
      return digest(bytes);
    });
    // The length of the pseudo-header and the data offset count the options (RFC 2385 section 2.0).
    expect(signed).to.equal(
      '0a0000010a0000020006002b' + '00b39c4000000001000000' + '02a018ffff00000000' + '010203',
    );
  });

  for (const [source, destination] of [
    ['10.0.0.1', '10.0.0.2'],
    ['fd00::1', 'fd00::2'],
  ] as const)
    for (const before of [[], [{ kind: 'no-operation' }], [{ kind: 'window-scale', shift: 1 }]])
      it(`signTcp() keeps the checksum right, from ${source} behind ${before.length} options`, () => {
        // A Buffer, whose slice() would be a view.
        const packet = Buffer.from(
          segment([...(before as TcpOptionSpec[]), room], source, destination),
        );
        expect(signTcp(packet, digest)).to.equal(true);
        const decoded = decodePacket(packet);
        if (!decoded.ok) throw new Error(decoded.error);
        expect(decoded.value.tcp?.checksum).to.equal('valid');
        const found = readTcpOptions(decoded.value.tcp?.options ?? new Uint8Array(0)).md5;
        expect(found).to.have.length(16).and.not.to.deep.equal(new Uint8Array(16));
      });

  it('signTcp() leaves alone what has no room for a digest', () => {
    for (const options of [[], [{ kind: 'end' }, room], [{ kind: 'window-scale', shift: 1 }]]) {
      const packet = segment(options as TcpOptionSpec[], '10.0.0.1', '10.0.0.2');
      const before = packet.slice();
      expect(signTcp(packet, digest)).to.equal(false);
      expect(packet).to.deep.equal(before);
    }
    expect(signTcp(Uint8Array.of(1), digest)).to.equal(false);
  });
});
