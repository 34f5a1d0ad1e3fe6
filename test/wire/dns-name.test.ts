import { expect } from 'chai';
import fc from 'fast-check';
import { emitName, readName } from '../../src/wire/dns-name.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

describe('wire/dns-name', () => {
  const names: readonly (readonly [string, string])[] = [
    ['', '00'],
    ['.', '00'],
    ['a.Bc.', '01 61 02 4263 00'],
    ['a\\.b.c', '03 612e62 01 63 00'],
    ['a\\\\.c', '02 615c 01 63 00'],
  ];
  for (const [name, bytes] of names)
    it(`emitName() writes ${JSON.stringify(name)}`, () => {
      expect(emitName(name)).to.deep.equal({ ok: true, value: hex(bytes) });
    });

  it('readName() follows pointers and goes on after the first', () => {
    const message = hex('ffff 03 777777 c00a 00 00 00 01 41 00');
    expect(
      readName(Uint8Array.from([...hex('01 41 00'), ...hex('03 777777 c000')]), 3),
    ).to.deep.equal({
      ok: true,
      value: { name: 'www.a', spelling: 'www.A', next: 9 },
    });
    expect(readName(message, 2)).to.deep.equal({
      ok: false,
      error: 'DNS name pointer does not point backwards',
    });
  });

  it('readName() refuses more pointers than a name has labels', () => {
    const pointers = Array.from({ length: 200 }, (_, index) => [0xc0, Math.max(0, index * 2 - 1)]);
    const message = Uint8Array.from([0, ...pointers.flat()]);
    expect(readName(message, 1 + 2 * 100)).to.deep.include({ ok: true });
    expect(readName(message, 1 + 2 * 128)).to.deep.equal({
      ok: false,
      error: 'DNS name has more than 127 pointers',
    });
  });

  it('readName() refuses names beyond 255 octets, through pointers too', () => {
    const label = [63, ...new Array<number>(63).fill(97)];
    const four = Uint8Array.from([...label, ...label, ...label, ...label, 0]);
    expect(readName(four, 0)).to.deep.equal({
      ok: false,
      error: 'DNS name is longer than 255 octets',
    });
    expect(emitName('a.'.repeat(128)).ok).to.equal(false);
  });

  it('readName() of emitName() is the name', () => {
    const label = fc.string({
      unit: fc.constantFrom('a', 'Z', '-', '.', '\\', ' '),
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 6 }), (labels) => {
        const spelling = labels.map((text) => text.replace(/[.\\]/g, '\\$&')).join('.');
        const emitted = emitName(spelling);
        if (!emitted.ok) throw new Error(emitted.error);
        const read = readName(emitted.value, 0);
        expect(read.ok && read.value.spelling).to.equal(spelling);
      }),
    );
  });
});
