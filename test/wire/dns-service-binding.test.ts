import { expect } from 'chai';
import { emitServiceBinding, readServiceBinding } from '../../src/wire/dns-service-binding.ts';

// The vectors of RFC 9460 appendix D, with the targets of its text.
const VECTORS: readonly (readonly [string, string])[] = [
  ['0 foo.example.com', '000003666f6f076578616d706c6503636f6d00'],
  ['1 .', '000100'],
  ['16 foo.example.com port=53', '001003666f6f076578616d706c6503636f6d00000300020035'],
  [
    '1 foo.example.com ipv6hint=2001:db8::1,2001:db8::53:1',
    '000103666f6f076578616d706c6503636f6d0000060020' +
      '20010db800000000000000000000000120010db8000000000000000000530001',
  ],
  [
    '1 . alpn=h2,h3 no-default-alpn ipv4hint=10.0.0.1',
    '000100000100060268320268330002000000040004' + '0a000001',
  ],
  ['1 . ech=AQI=', '000100000500020102'],
];

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('wire/dns-service-binding', () => {
  for (const [text, hex] of VECTORS)
    it(`readServiceBinding() and emitServiceBinding() know ${text}`, () => {
      const bytes = fromHex(hex);
      expect(emitServiceBinding(text)).to.deep.equal({ ok: true, value: bytes });
      expect(readServiceBinding(bytes, 0, bytes.length)).to.deep.equal({ ok: true, value: text });
    });

  it('readServiceBinding() writes an unknown key with its number', () => {
    const bytes = fromHex('000103666f6f076578616d706c6503636f6d00029b000568656c6c6f');
    expect(readServiceBinding(bytes, 0, bytes.length)).to.deep.equal({
      ok: true,
      value: '1 foo.example.com key667=68656c6c6f',
    });
  });

  it('both refuse what is malformed', () => {
    expect(readServiceBinding(fromHex('0001'), 0, 2).ok).to.equal(false);
    expect(readServiceBinding(fromHex('00010000010009'), 0, 7).ok).to.equal(false);
    expect(emitServiceBinding('x .').ok).to.equal(false);
    expect(emitServiceBinding('1 . colour=red').ok).to.equal(false);
    expect(emitServiceBinding('1 . ipv4hint=fd00::1').ok).to.equal(false);
  });
});
