import { expect } from 'chai';
import { compileGlobs, compileNames } from '../../../../src/roles/censor/match/name-pattern.ts';

describe('roles/censor/name-pattern', () => {
  const names: readonly (readonly [string, string, boolean])[] = [
    ['blocked.example', 'Blocked.EXAMPLE.', true],
    ['blocked.example', 'a.blocked.example', false],
    ['*.blocked.example', 'blocked.example', false],
    ['*.blocked.example', 'a.blocked.example', true],
    ['*.blocked.example', 'a.b.blocked.example', true],
    ['*.blocked.example', 'notblocked.example', false],
    ['*.mit.edu', 'kermit.edu', false],
    ['*', 'anything', true],
    ['*', '', false],
    ['*', '.', false],
  ];
  for (const [pattern, name, wish] of names)
    it(`compileNames() ${wish ? 'takes' : 'refuses'} "${name}" for "${pattern}"`, () => {
      expect(compileNames(['other.example', pattern])(name)).to.equal(wish);
    });

  const globs: readonly (readonly [string, string, boolean])[] = [
    ['/a', '/a', true],
    ['/a', '/A', false],
    ['/a*', '/abc', true],
    ['*b', '/ab', true],
    ['/a*c*e', '/abcde', true],
    ['/a*e*c', '/abcde', false],
    ['ab*ba', 'aba', false],
    ['*', '', true],
  ];
  for (const [pattern, text, wish] of globs)
    it(`compileGlobs() ${wish ? 'takes' : 'refuses'} "${text}" for "${pattern}"`, () => {
      expect(compileGlobs([pattern])(text)).to.equal(wish);
    });
});
