import { expect } from 'chai';
import { matchesPattern, matchesPatterns } from '../../src/ssh/patterns.ts';

describe('patterns of ssh_config(5)', () => {
  const CASES: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
    ['*', 'edge', true],
    ['*', '', true],
    ['edge?', 'edge1', true],
    ['edge?', 'edge', false],
    ['*.example.org', 'a.b.example.org', true],
    ['*.example.org', 'example.org', false],
    ['192.0.2.1', '192.0.2x1', false],
    ['[192.0.2.*]:22??', '[192.0.2.7]:2222', true],
    ['a(b)|c', 'c', false],
  ];
  for (const [pattern, text, matches] of CASES)
    it(`matchesPattern() says ${matches} of "${pattern}" and "${text}"`, () => {
      expect(matchesPattern(pattern, text)).to.equal(matches);
    });

  it('matchesPatterns() lets a negated pattern outweigh all others', () => {
    expect(matchesPatterns(['*.example.org', '!gate.*'], 'edge.example.org')).to.equal(true);
    expect(matchesPatterns(['!gate.*', '*.example.org'], 'gate.example.org')).to.equal(false);
    expect(matchesPatterns(['!gate.*'], 'edge.example.org')).to.equal(false);
  });
});
