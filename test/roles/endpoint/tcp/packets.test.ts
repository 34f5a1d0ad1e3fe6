import { expect } from 'chai';
import { packetsOf } from '../../../../src/roles/endpoint/tcp/packets.ts';
import type { TcpSegment } from '../../../../src/roles/endpoint/tcp/segment.ts';
import { buildTcp } from '../../../../src/wire/build.ts';
import { fragmentPacket } from '../../../../src/wire/fragment.ts';
import { emitTcpOptions } from '../../../../src/wire/tcp-options.ts';
import { decodePacket } from '../../../../src/wire/decode.ts';
import { V4, V6, text } from './playbook.ts';

const SEGMENT: TcpSegment = {
  sequence: 1,
  acknowledgment: 2,
  flags: 0x18,
  window: 3,
  options: new Uint8Array(0),
  payload: text('twenty bytes of text'),
  id: 7,
  origin: 'script',
};

describe('roles/endpoint/tcp/packets', () => {
  it('packetsOf() is the segment between its ends', () => {
    expect(packetsOf(SEGMENT, V4)).to.deep.equal([buildTcp({ ...SEGMENT, ...V4 })]);
  });

  it('packetsOf() signs what has room for a signature, before it is cut', () => {
    const options = emitTcpOptions([{ kind: 'md5', digest: new Uint8Array(16) }]);
    const fives = (): Uint8Array => new Uint8Array(16).fill(5);
    const signed = packetsOf({ ...SEGMENT, options, fragments: [40] }, V4, fives);
    const expected = emitTcpOptions([{ kind: 'md5', digest: fives() }]);
    const whole = buildTcp({ ...SEGMENT, ...V4, options: expected });
    expect(signed).to.deep.equal(fragmentPacket(whole, [40], 7));
  });

  for (const ends of [V4, V6])
    it(`packetsOf() cuts it into fragments of one identification, IPv${ends.source.family}`, () => {
      const packets = packetsOf({ ...SEGMENT, fragments: [8, 16] }, ends);
      const parts = packets.map((packet) => {
        const decoded = decodePacket(packet);
        return decoded.ok ? decoded.value.ip.fragment : decoded.error;
      });
      expect(parts).to.deep.equal([
        { id: 7, offset: 0, more: true },
        { id: 7, offset: 8, more: true },
        { id: 7, offset: 24, more: false },
      ]);
    });
});
