import { expect } from 'chai';
import { type Ordered, serveInOrder } from '../../../src/agent/packet/serve-in-order.ts';

/** What came, with its times, and what was served of it. */
class Arrivals {
  readonly served: string[] = [];

  source(name: string, times: number[]): Ordered {
    const { served } = this;
    return {
      get nextTime() {
        return times[0] ?? Infinity;
      },
      serve(limit, until) {
        let count = 0;
        for (; count < limit && times[0] !== undefined; count += 1) {
          if (times[0] > until && count > 0) break;
          served.push(`${name}${times.shift() ?? ''}`);
        }
        return count;
      },
    };
  }
}

describe('agent/packet/serve-in-order', () => {
  it('serves what came by several interfaces in order of time', () => {
    const arrivals = new Arrivals();
    const sources = [
      arrivals.source('a', [1, 5, 6]),
      arrivals.source('b', [2, 3, 7]),
      arrivals.source('c', [4]),
    ];
    expect(serveInOrder(sources, 10, 100)).to.equal(7);
    expect(arrivals.served).to.deep.equal(['a1', 'b2', 'b3', 'c4', 'a5', 'a6', 'b7']);
  });

  it('leaves what comes while it serves to the next turn', () => {
    const arrivals = new Arrivals();
    const sources = [arrivals.source('a', [1, 11]), arrivals.source('b', [9])];
    expect(serveInOrder(sources, 10, 10)).to.equal(2);
    expect(arrivals.served).to.deep.equal(['a1', 'b9']);
  });

  it('gets on by one when the clock was turned back', () => {
    const arrivals = new Arrivals();
    const sources = [arrivals.source('a', [51, 53]), arrivals.source('b', [52])];
    expect(serveInOrder(sources, 10, 10)).to.equal(1);
    expect(serveInOrder(sources, 10, 10)).to.equal(1);
    expect(arrivals.served).to.deep.equal(['a51', 'b52']);
  });

  it('serves no more than a batch for each', () => {
    const arrivals = new Arrivals();
    const sources = [arrivals.source('a', [1, 2, 3, 4, 5]), arrivals.source('b', [])];
    expect(serveInOrder(sources, 2, 10)).to.equal(4);
  });

  it('serves first what has no times, and then the others', () => {
    const arrivals = new Arrivals();
    const sources = [
      arrivals.source('a', [1]),
      { serve: (): number => arrivals.served.push('untimed') },
      arrivals.source('b', []),
    ];
    expect(serveInOrder(sources, 10, 10)).to.equal(2);
    expect(arrivals.served).to.deep.equal(['untimed', 'a1']);
  });

  it('serves nothing where nothing came', () => {
    expect(serveInOrder([], 10, 10)).to.equal(0);
    expect(serveInOrder([new Arrivals().source('a', [])], 10, 10)).to.equal(0);
  });
});
