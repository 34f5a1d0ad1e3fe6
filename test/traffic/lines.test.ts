import { expect } from 'chai';
import fc from 'fast-check';
import { createLineSplitter } from '../../src/traffic/lines.ts';

describe('traffic/lines createLineSplitter()', () => {
  it('gives the lines of a text, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-c\n]{0,9}$/)), (pieces) => {
        const splitter = createLineSplitter(1000);
        const found = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.rest()];
        const wished = pieces.join('').split('\n');
        if (wished.at(-1) === '') wished.pop();
        expect(found).to.deep.equal(wished);
      }),
    );
  });

  it('drops carriage returns at line ends', () => {
    expect(createLineSplitter(10).push('a\r\nb\n')).to.deep.equal(['a', 'b']);
  });

  it('cuts lines that are too long, ended or not', () => {
    const splitter = createLineSplitter(3);
    expect(splitter.push('abcdefgh')).to.deep.equal(['abc', 'def']);
    expect(splitter.push('ij\n')).to.deep.equal(['ghi', 'j']);
    expect(splitter.rest()).to.deep.equal([]);
  });
});
