import { expect } from 'chai';
import { LineFramer } from '../../../../src/wire/protocol/frame/line-framer.ts';
import { fromLatin1, latin1 } from '../../../../src/wire/bytes.ts';

describe('LineFramer', () => {
  it('gives lines with their ends', () => {
    const framer = new LineFramer(8);
    const lines: string[] = [];
    for (const piece of ['a\n\nb', 'c', '\r\nd']) {
      framer.push(fromLatin1(piece));
      for (let next = framer.next(); next !== null; next = framer.next())
        lines.push(latin1(next, 0, next.length));
    }
    expect(lines).to.deep.equal(['a\n', '\n', 'bc\r\n']);
    expect([...framer.rest()]).to.deep.equal([0x64]);
  });

  it('refuses a line beyond the limit, with its end or without', () => {
    for (const text of ['1234567\n8', '12345678', '12345678\n']) {
      const framer = new LineFramer(8);
      framer.push(fromLatin1(text));
      const isShort = text.indexOf('\n') === 7;
      expect(framer.next() === null, text).to.equal(!isShort);
      expect(framer.fault, text).to.equal(isShort ? null : 'A line is longer than 8 bytes');
    }
  });
});
