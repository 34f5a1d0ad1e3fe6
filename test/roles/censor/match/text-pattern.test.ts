import { expect } from 'chai';
import { compileTexts } from '../../../../src/roles/censor/match/text-pattern.ts';

describe('roles/censor/match/text-pattern', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['/a', '/a', true],
    ['/a', '/A', false],
    ['/a*', '/abc', true],
    ['*b', '/ab', true],
    ['/a*c*e', '/abcde', true],
    ['/a*e*c', '/abcde', false],
    ['ab*ba', 'aba', false],
    ['*', '', true],
    ['Host: *', 'Host: x', true],
    ['Host: *', 'host: x', false],
  ];
  for (const [pattern, text, wish] of cases)
    it(`compileTexts() ${wish ? 'takes' : 'refuses'} "${text}" for "${pattern}"`, () => {
      expect(compileTexts(['other', pattern])(text)).to.equal(wish);
    });
});
