import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import { InOrder } from '../../../src/roles/mirror/in-order.ts';
import { addSequence } from '../../../src/wire/tcp.ts';

const FIRST = 2 ** 32 - 20;
const BYTES = Uint8Array.from({ length: 60 }, (_, index) => index);

interface Told {
  readonly length: number;
  readonly bytes: number[] | null;
  readonly mark: number;
}

function listen(limit = 1000): {
  order: InOrder;
  told: Told[];
  add: (from: number, to: number, mark?: number) => boolean;
} {
  const told: Told[] = [];
  const order = new InOrder(FIRST, limit, (length, bytes, mark) =>
    told.push({ length, bytes: bytes === null ? null : [...bytes], mark }),
  );
  const add = (from: number, to: number, mark = 0): boolean => {
    const memory = BYTES.slice(from, to);
    const isInOrder = order.add(addSequence(FIRST, from), to - from, memory, mark);
    memory.fill(0xee);
    return isInOrder;
  };
  return { order, told, add };
}

describe('roles/mirror/in-order', () => {
  it('add() gives each byte once and in order, whatever the order, overlaps and repetitions of its packets', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seededRandom(seed);
      const { order, told, add } = listen();
      const cuts = Array.from({ length: 30 }, () => {
        const from = random.below(60);
        return [from, Math.min(60, from + 1 + random.below(15))] as const;
      });
      for (const [from, to] of cuts) add(from, to);
      for (let from = 0; from < 60; from += 10) add(from, from + 10);
      expect(told.flatMap(({ bytes }) => bytes ?? [])).to.deep.equal([...BYTES]);
      expect([order.taken, order.reached, order.waiting]).to.deep.equal([60, 60, 0]);
      expect(order.hasGap).to.equal(false);
    }
  });

  it('add() says with each piece what was marked when it came', () => {
    const { told, add } = listen();
    expect([add(10, 20, 1), add(20, 25, 2), add(0, 10, 3), add(0, 10, 4)]).to.deep.equal([
      false,
      false,
      true,
      false,
    ]);
    expect(told.map(({ length, mark }) => [length, mark])).to.deep.equal([
      [10, 3],
      [10, 1],
      [5, 2],
    ]);
  });

  it('counts bytes that were not kept', () => {
    const { order, told } = listen();
    order.add(addSequence(FIRST, 5), 10, null, 0);
    order.add(FIRST, 7, BYTES.subarray(0, 7), 0);
    expect(told).to.deep.equal([
      { length: 7, bytes: [0, 1, 2, 3, 4, 5, 6], mark: 0 },
      { length: 8, bytes: null, mark: 0 },
    ]);
    expect(order.taken).to.equal(15);
  });

  it('skip() goes on behind a gap and says how large it was', () => {
    const { order, told, add } = listen();
    add(0, 10);
    add(25, 30);
    add(40, 45);
    expect([order.hasGap, order.gap]).to.deep.equal([true, 15]);
    expect(order.skip()).to.equal(15);
    order.resume();
    expect(told.map(({ length }) => length)).to.deep.equal([10, 5]);
    expect([order.gap, order.skip()]).to.deep.equal([10, 10]);
    order.resume();
    expect([order.taken, order.hasGap]).to.deep.equal([45, false]);
  });

  it('keeps no more than it may behind a gap, and knows that there was more', () => {
    const { order, told, add } = listen(20);
    add(10, 25);
    add(25, 40);
    expect([order.waiting, order.reached]).to.deep.equal([15, 40]);
    add(0, 10);
    expect([told.length, order.taken, order.gap]).to.deep.equal([2, 25, 15]);
  });

  it('expect() makes bytes missing that were never seen', () => {
    const { order, add } = listen();
    add(0, 10);
    order.expect(addSequence(FIRST, 12));
    expect([order.hasGap, order.skip(), order.taken]).to.deep.equal([true, 2, 12]);
  });
});
