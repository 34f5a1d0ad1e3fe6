import { expect } from 'chai';
import { Words } from '../../../src/wire/protocol/words.ts';

describe('Words', () => {
  it('names numbers, the first of two words for one number', () => {
    const words = new Words({ A: 1, B: 1, C: 2 }, false);
    expect([1, 2, 3].map((number) => words.wordOf(number))).to.deep.equal(['A', 'C', null]);
    expect(['A', 'B', 'D', 'A+C'].map((word) => words.numberOf(word))).to.deep.equal([
      1,
      1,
      undefined,
      undefined,
    ]);
  });

  it('joins flags, and keeps bits without a word', () => {
    const flags = new Words({ SYN: 2, ACK: 16, HIGH: 2 ** 40 }, true);
    const texts: readonly (readonly [number, string | null])[] = [
      [0, null],
      [1, null],
      [18, 'SYN+ACK'],
      [19, 'SYN+ACK+0x1'],
      [2 ** 40 + 2, 'SYN+HIGH'],
    ];
    for (const [number, text] of texts) {
      expect(flags.wordOf(number)).to.equal(text);
      if (text !== null) expect(flags.numberOf(text)).to.equal(number);
    }
    expect(flags.numberOf('SYN+X')).to.equal(undefined);
  });

  it('is closed where its words number the values without a gap', () => {
    const CLOSED: readonly (readonly [Readonly<Record<string, number>>, boolean])[] = [
      [{ A: 0, B: 1, C: 2 }, true],
      [{ A: 2, B: 1, AGAIN: 1 }, true],
      [{ A: 0, C: 2 }, false],
      [{ A: 2, B: 3 }, false],
      [{ NONE: 0 }, false],
      [{}, false],
    ];
    for (const [words, isClosed] of CLOSED)
      expect(new Words(words, false).isClosed, JSON.stringify(words)).to.equal(isClosed);
    expect(new Words({ A: 1, B: 2 }, true).isClosed).to.equal(false);
  });
});
