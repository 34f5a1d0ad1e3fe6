import { expect } from 'chai';
import { DueHeap } from '../../../src/agent/relay/due-heap.ts';
import { seededRandom } from '../../../src/base/random.ts';

describe('agent/relay/due-heap', () => {
  it('has nothing to do at first', () => {
    const heap = new DueHeap<string>();
    expect(heap.nextDue).to.equal(Infinity);
    expect(heap.take(1e18)).to.equal(undefined);
  });

  it('gives what is due, the earliest first, and keeps the rest', () => {
    const heap = new DueHeap<string>();
    for (const [due, item] of [
      [30, 'c'],
      [10, 'a'],
      [20, 'b'],
    ] as const)
      heap.add(due, item);
    expect(heap.nextDue).to.equal(10);
    expect([heap.take(20), heap.take(20), heap.take(20)]).to.deep.equal(['a', 'b', undefined]);
    expect(heap.nextDue).to.equal(30);
  });

  it('keeps any number in order, as they come and go', () => {
    const random = seededRandom(3);
    const heap = new DueHeap<number>();
    const inside: number[] = [];
    for (let round = 0; round < 5000; round += 1)
      if (random.below(3) > 0) {
        const due = random.below(1000);
        heap.add(due, due);
        inside.push(due);
      } else {
        const least = inside.length > 0 ? Math.min(...inside) : undefined;
        expect(heap.take(Infinity)).to.equal(least);
        if (least !== undefined) inside.splice(inside.indexOf(least), 1);
      }
  });
});
