import { expect } from 'chai';
import fc from 'fast-check';
import { EmissionQueue, HEADROOM } from '../../../src/agent/packet/emission-queue.ts';
import { FrameMemory } from '../../../src/kernel/packet-ring.ts';

const SLOT = 256;

class Sink {
  readonly memory: FrameMemory;
  readonly queue: EmissionQueue;
  readonly left: string[] = [];

  constructor(slots: number, byteLimit = 1e6) {
    this.memory = new FrameMemory(1 << 20);
    this.queue = new EmissionQueue(this.memory, SLOT, slots * SLOT, byteLimit);
  }

  store(text: string): number {
    const bytes = new TextEncoder().encode(text);
    return this.queue.store(bytes, 0, bytes.length);
  }

  put(text: string, at: number, tag = 0): boolean {
    const start = this.store(text);
    if (start >= 0) this.queue.push(start, at, this, tag);
    return start >= 0;
  }

  onDue(start: number, end: number): void {
    this.left.push(new TextDecoder().decode(this.memory.bytes.slice(start, end)));
  }

  depart(now: number, limit = 1000): string[] {
    this.left.length = 0;
    this.queue.depart(now, limit);
    this.queue.reclaim();
    return [...this.left];
  }
}

describe('agent/packet/emission-queue', () => {
  it('depart() hands out what is due, in order of time, and of arrival at the same time', () => {
    const sink = new Sink(8);
    for (const [text, at] of [
      ['c', 30],
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
    ] as const)
      sink.put(text, at);
    expect(sink.queue.nextDue).to.equal(10);
    expect(sink.depart(20)).to.deep.equal(['a', 'b1', 'b2']);
    expect(sink.depart(25)).to.deep.equal([]);
    expect(sink.depart(30)).to.deep.equal(['c']);
    expect(sink.queue.nextDue).to.equal(Infinity);
  });

  it('depart() stops at its limit', () => {
    const sink = new Sink(8);
    for (const text of ['a', 'b', 'c']) sink.put(text, 1);
    expect(sink.depart(1, 2)).to.deep.equal(['a', 'b']);
    expect(sink.queue.waiting).to.equal(1);
  });

  it('store() refuses and counts what exceeds the buffers, the bytes or a buffer', () => {
    const few = new Sink(2);
    expect([few.put('a', 1), few.put('b', 1), few.put('c', 1)]).to.deep.equal([true, true, false]);
    const tight = new Sink(8, 5);
    expect([tight.put('abc', 1), tight.put('def', 1)]).to.deep.equal([true, false]);
    expect(new Sink(2).put('x'.repeat(SLOT - HEADROOM + 1), 1)).to.equal(false);
    expect(few.queue.dropped).to.equal(1);
  });

  it('reclaim() makes room again', () => {
    const sink = new Sink(2, 4);
    for (let round = 0; round < 10; round += 1) {
      expect([sink.put('ab', 1), sink.put('cd', 1), sink.put('e', 1)]).to.deep.equal([
        true,
        true,
        false,
      ]);
      expect(sink.depart(1)).to.deep.equal(['ab', 'cd']);
    }
  });

  it('store() copies the offload header of a frame of the same memory and clears that of others', () => {
    const sink = new Sink(4);
    const at = sink.memory.take(SLOT) + HEADROOM;
    sink.memory.bytes.fill(9, at - 10, at + 20);
    const own = sink.queue.store(sink.memory.bytes, at, at + 20);
    expect([...sink.memory.bytes.subarray(own - 11, own)]).to.deep.equal([
      0,
      ...new Array<number>(10).fill(9),
    ]);
    const other = sink.queue.store(new Uint8Array(20).fill(5), 0, 20);
    expect([...sink.memory.bytes.subarray(other - 10, other + 1)]).to.deep.equal([
      ...new Array<number>(10).fill(0),
      5,
    ]);
  });

  it('depart() sorts any times', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 60 }), (times) => {
        const sink = new Sink(64);
        for (const [index, at] of times.entries()) sink.put(`${at} ${index}`, at);
        const expected = times
          .map((at, index) => ({ at, index }))
          .toSorted((left, right) => left.at - right.at || left.index - right.index)
          .map(({ at, index }) => `${at} ${index}`);
        expect(sink.depart(50)).to.deep.equal(expected);
      }),
    );
  });
});
