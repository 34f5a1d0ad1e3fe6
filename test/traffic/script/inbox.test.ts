import { expect } from 'chai';
import { createInbox } from '../../../src/traffic/script/inbox.ts';

describe('createInbox()', () => {
  it('gives bytes across pieces, in lots of any size', () => {
    const inbox = createInbox();
    const all = Array.from({ length: 9000 }, (_, index) => index & 0xff);
    for (let at = 0; at < all.length; at += 3) inbox.push(Uint8Array.from(all.slice(at, at + 3)));
    inbox.push(new Uint8Array());
    inbox.drop(2);
    const taken = [0, 1];
    for (let size = 1; inbox.length > size; size += 7) taken.push(...inbox.take(size));
    taken.push(...inbox.take(inbox.length));
    expect(taken).to.deep.equal(all);
    expect(() => inbox.take(1)).to.throw('No more is read than came');
  });

  it('gives the pieces from a place on', () => {
    const inbox = createInbox();
    for (const piece of [[1, 2, 3], [4], [5, 6]]) inbox.push(Uint8Array.from(piece));
    inbox.drop(1);
    const from = (offset: number): number[][] => inbox.from(offset).map((piece) => [...piece]);
    expect(from(0)).to.deep.equal([[2, 3], [4], [5, 6]]);
    expect(from(1)).to.deep.equal([[3], [4], [5, 6]]);
    expect(from(4)).to.deep.equal([[6]]);
    expect(from(5)).to.deep.equal([]);
  });
});
