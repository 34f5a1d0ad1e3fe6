import { expect } from 'chai';
import { appendName, parsePath } from '../../../src/wire/protocol/path.ts';

const name = (text: string): object => ({ kind: 'name', name: text });

describe('wire/protocol/path', () => {
  const PATHS: readonly (readonly [string, readonly object[]])[] = [
    ['match.eth_type', [name('match'), name('eth_type')]],
    [
      'a[0].b[*].c',
      [name('a'), { kind: 'index', index: 0 }, name('b'), { kind: 'all' }, name('c')],
    ],
    ['headers["X.Y"].z', [name('headers'), name('X.Y'), name('z')]],
    ['[3]', [{ kind: 'index', index: 3 }]],
  ];
  for (const [path, steps] of PATHS)
    it(`parsePath() reads ${path}`, () => {
      expect(parsePath(path)).to.deep.equal({ ok: true, value: steps });
    });

  for (const path of [
    '',
    '.a',
    'a.',
    'a..b',
    'a[',
    'a[x]',
    'a[-1]',
    'a]',
    'a.[0]',
    'a[0]b',
    'a[65536]',
  ])
    it(`parsePath() refuses "${path}"`, () => {
      expect(parsePath(path).ok).to.equal(false);
    });

  it('appendName() quotes what would not be read as one name', () => {
    expect(appendName('', 'a')).to.equal('a');
    expect(appendName('a', 'b-c')).to.equal('a.b-c');
    expect(appendName('a', 'b.c')).to.equal('a["b.c"]');
  });
});
