import { expect } from 'chai';
import { createLastWords } from '../../../src/agent/container/last-words.ts';

describe('createLastWords()', () => {
  it('quotes the last lines that say something', () => {
    const words = createLastWords();
    for (let line = 1; line <= 20; line += 1) words.add(Buffer.from(`${line}\n\n`));
    expect(words.quote().split('\n').slice(1)).to.deep.equal(
      Array.from({ length: 12 }, (_, index) => `  | ${index + 9}`),
    );
  });
  it('is empty when nothing was said', () => expect(createLastWords().quote()).to.equal(''));
});
