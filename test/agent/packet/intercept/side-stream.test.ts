import { once } from 'node:events';
import { expect } from 'chai';
import { SideStream } from '../../../../src/agent/packet/intercept/side-stream.ts';
import { type InterceptionWish, UNDER_WAY_LIMIT } from '../../../../src/roles/intercept/words.ts';

const setUp = () => {
  const wishes: InterceptionWish[] = [];
  return { wishes, stream: new SideStream(3, 'client', (wish) => wishes.push(wish)) };
};

describe('agent/packet/intercept/side-stream', () => {
  it('gives copies of what is written, and waits while too much is under way', async () => {
    const { stream, wishes } = setUp();
    const bytes = Buffer.alloc(UNDER_WAY_LIMIT, 1);
    stream.write(bytes);
    stream.write(Buffer.of(2));
    let isTaken = false;
    stream.write(Buffer.of(3), () => (isTaken = true));
    await new Promise(setImmediate);
    bytes.fill(9);
    const sent = wishes.map((wish) => (wish.kind === 'send' ? wish.bytes.at(0) : null));
    expect(sent).to.deep.equal([1, 2]);
    expect(isTaken).to.equal(false);
    stream.noteSent(UNDER_WAY_LIMIT);
    await new Promise(setImmediate);
    expect(isTaken).to.equal(true);
    expect(wishes).to.have.length(3);
  });

  it('tells what was used once somebody reads it', async () => {
    const { stream, wishes } = setUp();
    stream.arrive(new Uint8Array(70_000));
    stream.arrive(new Uint8Array(70_000));
    const before = wishes.length;
    stream.resume();
    await new Promise(setImmediate);
    stream.arrive(new Uint8Array(70_000));
    await new Promise(setImmediate);
    const used = wishes.map((wish) => (wish.kind === 'used' ? wish.bytes : 0));
    expect(before).to.be.lessThan(2);
    expect(used.reduce((sum, one) => sum + one, 0)).to.equal(210_000);
  });

  it('ends each way by itself, and tells its end once', async () => {
    const { stream, wishes } = setUp();
    stream.arriveEnd();
    stream.resume();
    await once(stream, 'end');
    expect(wishes).to.deep.equal([]);
    stream.end();
    await once(stream, 'close');
    expect(wishes).to.deep.equal([{ kind: 'end', id: 3, side: 'client' }]);
  });

  it('answers with a reset what comes when nobody listens any more', async () => {
    const { stream, wishes } = setUp();
    stream.destroy();
    await once(stream, 'close');
    stream.arrive(Uint8Array.of(1));
    expect(wishes.map(({ kind }) => kind)).to.deep.equal(['end', 'reset']);
  });
});
