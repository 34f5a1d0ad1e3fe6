import { expect } from 'chai';
import fc from 'fast-check';
import { GlobIndex, matchesPieces } from '../../../../src/roles/censor/match/glob-index.ts';

function find(patterns: readonly string[], text: string): readonly number[] {
  const index = new GlobIndex();
  for (const [id, pattern] of patterns.entries()) index.add(pattern, id);
  const found = new Set<number>();
  index.find(text, (id) => found.add(id));
  return [...found].toSorted((left, right) => left - right);
}

describe('roles/censor/match/glob-index', () => {
  it('find() gives every pattern that matches, short and long', () => {
    const patterns = ['*blocked*', 'a*', '*.example', '*', '*locke*x*', 'blocked*'];
    expect(find(patterns, 'www.blocked.example')).to.deep.equal([0, 2, 3, 4]);
    expect(find(patterns, '')).to.deep.equal([3]);
  });

  it('find() agrees with trying each pattern', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 14 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 8 }), text, (patterns, subject) => {
        const wish = patterns.flatMap((one, id) =>
          matchesPieces(subject, one.split('*')) ? [id] : [],
        );
        expect(find(patterns, subject)).to.deep.equal(wish);
      }),
    );
  });

  it('matchesPieces() agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (one, subject) => {
        const wish = new RegExp(`^${one.replaceAll('*', '.*')}$`).test(subject);
        expect(matchesPieces(subject, one.split('*'))).to.equal(wish);
      }),
    );
  });
});
