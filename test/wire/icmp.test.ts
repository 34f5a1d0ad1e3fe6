import { expect } from 'chai';
import fc from 'fast-check';
import { emitIcmp, parseIcmp } from '../../src/wire/icmp.ts';

describe('wire/icmp', () => {
  it('parseIcmp() of emitIcmp() is the message', () => {
    const message = fc.record({
      type: fc.nat(255),
      code: fc.nat(255),
      id: fc.nat(0xffff),
      sequence: fc.nat(0xffff),
      data: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(message, (written) => {
        expect(parseIcmp(emitIcmp(written))).to.deep.equal({ ok: true, value: written });
      }),
    );
  });

  it('parseIcmp() refuses a short message', () => {
    expect(parseIcmp(new Uint8Array(7))).to.deep.equal({
      ok: false,
      error: 'ICMP message of 7 bytes is shorter than its 8-byte header',
    });
  });
});
