import { expect } from 'chai';
import fc from 'fast-check';
import { type Word, splitWords } from '../../../src/scenario/inventory/words.ts';

const textsOf = (line: string): readonly string[] | undefined =>
  splitWords(line)?.map(({ text }: Word) => text);

describe('splitWords()', () => {
  it('reads quotes as a shell does, and no further than a comment', () => {
    expect(textsOf(`a b='c d' e="f \\"g\\"" # h`)).to.deep.equal(['a', 'b=c d', 'e=f "g"']);
    expect(textsOf(`a\\ b ''`)).to.deep.equal(['a b', '']);
  });

  it('gives nothing for a quote that is not closed', () => {
    expect(textsOf('a "b')).to.equal(undefined);
  });

  it('says where each word stands', () => {
    expect(splitWords('a  bc')).to.deep.equal([
      { text: 'a', start: 0, end: 1 },
      { text: 'bc', start: 3, end: 5 },
    ]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        splitWords(text);
      }),
    );
  });
});
