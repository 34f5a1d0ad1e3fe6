import { expect } from 'chai';
import fc from 'fast-check';
import { nearest } from '../../src/base/nearest.ts';

describe('nearest()', () => {
  const CASES: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ['cllient', ['server', 'client'], 'client'],
    ['cleint', ['client'], 'client'],
    ['SERVER', ['server'], 'server'],
    ['captrues', ['captures', 'censor'], 'captures'],
    ['xyz', ['client', 'server'], undefined],
    ['a', ['b'], undefined],
    ['', ['a'], undefined],
    ['tls.sn', ['tls.sni', 'tcp.port'], 'tls.sni'],
  ];
  for (const [word, known, wanted] of CASES)
    it(`finds ${wanted ?? 'nothing'} for "${word}" among ${known.join(', ')}`, () => {
      expect(nearest(word, known)).to.equal(wanted);
    });

  it('finds a word itself before all others', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (words, at) => {
        const word = words[at % words.length] ?? '';
        expect(nearest(word, words)?.toLowerCase()).to.equal(word.toLowerCase());
      }),
    );
  });
});
