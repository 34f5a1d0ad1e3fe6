import { expect } from 'chai';
import fc from 'fast-check';
import { Hits } from '../../../../src/roles/censor/match/hits.ts';
import { NameIndex } from '../../../../src/roles/censor/match/name-index.ts';

function find(index: NameIndex, sets: number, name: string): readonly number[] {
  const hits = new Hits(sets);
  hits.clear();
  index.find(name, hits);
  return hits.ids.slice(0, hits.count).toSorted((left, right) => left - right);
}

describe('roles/censor/match/name-index', () => {
  const names: readonly (readonly [string, string, boolean])[] = [
    ['blocked.example', 'Blocked.EXAMPLE.', true],
    ['Blocked.Example.', 'blocked.example', true],
    ['blocked.example', 'a.blocked.example', false],
    ['*.blocked.example', 'blocked.example', false],
    ['*.blocked.example', 'a.blocked.example', true],
    ['*.blocked.example', 'a.b.blocked.example', true],
    ['*.blocked.example', 'notblocked.example', false],
    ['*.mit.edu', 'kermit.edu', false],
    ['*', 'anything', true],
    ['*', '', false],
    ['*', '.', false],
    ['*t.co*', 'microsoft.com', true],
    ['*T.CO*', 'reddit.com', true],
    ['*t.co*', 'example.org', false],
    ['a*.example', 'abc.example', true],
    ['blocked.example # since 2020', 'blocked.example', true],
    ['# blocked.example', 'blocked.example', false],
    ['  blocked.example\r', 'blocked.example', true],
    ['b\u00fccher.example', 'b\u00c3\u00bccher.example', true],
  ];
  for (const [pattern, name, wish] of names)
    it(`find() ${wish ? 'takes' : 'refuses'} "${name}" for "${pattern.trim()}"`, () => {
      const index = new NameIndex([`other.example\n${pattern}\n\nlast.example`]);
      expect(find(index, 1, name)).to.deep.equal(wish ? [0] : []);
    });

  it('find() tells the sets apart that hold the same name', () => {
    const index = new NameIndex(['a.test\nb.test', 'b.test\n*.test', '', '*']);
    expect(find(index, 4, 'a.test')).to.deep.equal([0, 1, 3]);
    expect(find(index, 4, 'b.test')).to.deep.equal([0, 1, 3]);
    expect(find(index, 4, 'test')).to.deep.equal([3]);
  });

  it('find() is exact over a hundred thousand names', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `n${index}.example`);
    const index = new NameIndex([lines.join('\n')]);
    for (let at = 0; at < 100_000; at += 97) {
      expect(find(index, 1, `n${at}.example`)).to.deep.equal([0]);
      expect(find(index, 1, `n${at + 100_000}.example`)).to.deep.equal([]);
    }
  });

  it('find() agrees with comparing every pattern', () => {
    const label = fc.constantFrom('a', 'b', 'ab', 'ba');
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    const pattern = fc
      .tuple(fc.boolean(), name)
      .map(([below, zone]) => (below ? `*.${zone}` : zone));
    fc.assert(
      fc.property(fc.array(fc.array(pattern), { maxLength: 4 }), name, (sets, subject) => {
        const holds = (one: string): boolean =>
          one.startsWith('*.') ? subject.endsWith(one.slice(1)) : subject === one;
        const wish = sets.flatMap((patterns, id) => (patterns.some(holds) ? [id] : []));
        const index = new NameIndex(sets.map((patterns) => patterns.join('\n')));
        expect(find(index, sets.length, subject)).to.deep.equal(wish);
      }),
    );
  });
});
