import { VERBS } from '../../src/cli/verbs.ts';
import { candidates } from '../../src/cli/candidates.ts';
import { expect } from 'chai';

const one = { labs: () => [{ id: 'ab12', nodes: ['client', 'server'] }] };
const two = { labs: () => [...one.labs(), { id: 'cd34', nodes: ['left'] }] };

describe('candidates()', () => {
  const cases: [string, string[], typeof one, string[], string][] = [
    ['verbs', ['de'], one, ['destroy'], 'none'],
    ['options of the verb', ['apply', 'x', '--no'], one, ['--no-censor', '--no-build'], 'none'],
    ['options behind two dashes', ['schema', '--'], one, ['--help'], 'none'],
    ['what an option takes', ['ps', '--become', ''], one, ['sudo'], 'none'],
    ['no lab of here for another machine', ['shell', '--machine', 'edge', ''], one, [], 'none'],
    ['scenario files', ['apply', ''], one, [], 'scenarios'],
    ['a second scenario where several are taken', ['validate', 'a', ''], one, [], 'scenarios'],
    ['nothing after the last argument', ['apply', 'a', ''], one, [], 'none'],
    ['folders for --out', ['apply', '--out', ''], one, [], 'directories'],
    ['nothing for --seed', ['apply', '--seed', ''], one, [], 'none'],
    ['arguments after an option with a value', ['apply', '--out', 'r', ''], one, [], 'scenarios'],
    ['labs', ['destroy', 'a'], two, ['ab12'], 'none'],
    ['nodes where the only lab is left out', ['shell', 'c'], one, ['client'], 'none'],
    ['nodes of the lab', ['exec', 'cd34', ''], two, ['left'], 'none'],
    ['files behind --', ['exec', 'ab12', 'client', '--', ''], one, [], 'all'],
    ['shells', ['completion', 'z'], one, ['zsh'], 'none'],
    ['nothing for an unknown verb', ['nope', ''], one, [], 'none'],
  ];
  for (const [title, words, labs, found, files] of cases)
    it(`offers ${title}`, () => {
      expect(candidates(words, VERBS, labs)).to.deep.equal({ words: found, files });
    });
});
