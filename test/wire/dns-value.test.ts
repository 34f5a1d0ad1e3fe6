import { expect } from 'chai';
import { DNS_TYPE, emitValue, readValue } from '../../src/wire/dns-value.ts';

const CASES: readonly (readonly [keyof typeof DNS_TYPE, string, string])[] = [
  ['A', '10.0.0.1', '0a000001'],
  ['NS', 'ns1.example', '036e7331076578616d706c6500'],
  ['MX', '10 mail.example', '000a046d61696c076578616d706c6500'],
  ['MX', '0 .', '000000'],
  ['SRV', '0 5 443 a.example', '0000000501bb0161076578616d706c6500'],
  ['TXT', 'hi', '026869'],
  [
    'SOA',
    'a.example b.example 1 2 3 4 4294967295',
    '0161076578616d706c65000162076578616d706c6500' + '00000001000000020000000300000004ffffffff',
  ],
  ['OPT', '0102', '0102'],
];

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('wire/dns-value', () => {
  for (const [type, text, bytes] of CASES)
    it(`readValue() and emitValue() know ${type} ${text}`, () => {
      const data = fromHex(bytes);
      expect(emitValue(DNS_TYPE[type], text)).to.deep.equal({ ok: true, value: data });
      expect(readValue(data, DNS_TYPE[type], 0, data.length)).to.deep.equal({
        ok: true,
        value: text,
      });
    });

  it('readValue() refuses data that is too short', () => {
    for (const type of [DNS_TYPE.A, DNS_TYPE.AAAA, DNS_TYPE.MX, DNS_TYPE.SRV, DNS_TYPE.SOA])
      expect(readValue(Uint8Array.of(0), type, 0, 1).ok, `type ${type}`).to.equal(false);
  });

  it('emitValue() refuses text of another form', () => {
    expect(emitValue(DNS_TYPE.MX, 'mail.example').ok).to.equal(false);
    expect(emitValue(DNS_TYPE.SOA, 'a.example b.example 1').ok).to.equal(false);
    expect(emitValue(DNS_TYPE.A, 'fd00::1').ok).to.equal(false);
  });
});
