import { expect } from 'chai';
import fc from 'fast-check';
import { shellWords } from '../../../src/base/shell-words.ts';
import { splitShellWords } from '../../../src/scenario/compose/shell-words.ts';

const wordsOf = (text: string): readonly string[] | string => {
  const split = splitShellWords(text);
  return split.ok ? split.value : split.error;
};

describe('splitShellWords()', () => {
  for (const [text, words] of [
    ['', []],
    ['a  b\tc\n', ['a', 'b', 'c']],
    [`'a b' "c d"`, ['a b', 'c d']],
    [`a'b'"c"d`, ['abcd']],
    [`''`, ['']],
    [String.raw`a\ b \"c`, ['a b', '"c']],
    [String.raw`"a\"b\$c\n" 'a\'`, ['a"b$c\\n', 'a\\']],
    ['a\\\nb "c\\\nd"', ['ab', 'cd']],
    ['echo $HOME && ls | cat', ['echo', '$HOME', '&&', 'ls', '|', 'cat']],
  ] as const)
    it(`takes ${JSON.stringify(text)} apart`, () => expect(wordsOf(text)).to.deep.equal(words));

  it('says what is not closed', () => {
    expect(wordsOf(`a "b`)).to.equal('The quote " is not closed');
    expect(wordsOf(`it's`)).to.equal("The quote ' is not closed");
    expect(wordsOf('a\\')).to.equal('Nothing follows the backslash at the end');
  });

  it('takes apart what a shell would be given for any words', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
        expect(wordsOf(shellWords(words))).to.deep.equal(words);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        splitShellWords(text);
      }),
    );
  });
});
