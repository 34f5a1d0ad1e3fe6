import { expect } from 'chai';
import { OrderLine, type Waiting } from '../../../../src/roles/relay/order/order-line.ts';
import type { Standing } from '../../../../src/roles/relay/order/standing.ts';

interface Item extends Waiting {
  readonly name: string;
  isReady: boolean;
}

function line(...standings: readonly Standing[]) {
  const gone: string[] = [];
  const order = new OrderLine<Item>(({ name, isReady }) => {
    if (isReady) gone.push(name);
    return isReady;
  });
  const items = standings.map((standing, index): Item => ({
    name: String(index),
    standing,
    section: -1,
    isReady: false,
  }));
  for (const item of items) order.add(item);
  const ready = (...places: readonly number[]): string => {
    for (const place of places) {
      const item = items[place];
      if (item === undefined) continue;
      item.isReady = true;
      order.offer(item, 0);
    }
    return gone.join(' ');
  };
  return { order, items, ready, gone };
}

describe('roles/relay/order/order-line', () => {
  it('keeps strict ones behind those before them', () => {
    const { order, ready } = line('strict', 'strict', 'strict');
    expect(ready(1)).to.equal('');
    expect(ready(0)).to.equal('0 1');
    expect(ready(2)).to.equal('0 1 2');
    expect(order.size).to.equal(0);
  });

  it('lets loose ones go at once', () => {
    const { ready } = line('strict', 'loose', 'strict', 'loose');
    expect(ready(3)).to.equal('3');
    expect(ready(1, 2, 0)).to.equal('3 1 0 2');
  });

  it('lets nothing cross a barrier, in either direction', () => {
    const { order, ready } = line('loose', 'strict', 'barrier', 'loose', 'strict', 'barrier');
    expect(ready(2, 3, 4, 5)).to.equal('');
    expect(ready(0)).to.equal('0');
    expect(ready(1)).to.equal('0 1 2 3 4 5');
    expect(order.size).to.equal(0);
  });

  it('has places for those that come later', () => {
    const { order, ready, items } = line('barrier');
    expect(ready(0)).to.equal('0');
    const late: Item = { name: 'late', standing: 'strict', section: -1, isReady: true };
    order.add(late);
    order.offer(late, 0);
    expect([order.size, items[0]?.section]).to.deep.equal([0, 0]);
  });

  it('offerAll() lets all go that are ready', () => {
    const { order, items, gone } = line('strict', 'loose', 'barrier', 'loose');
    for (const item of items) item.isReady = true;
    order.offerAll(0);
    expect(gone).to.have.length(4);
  });

  it('takes what is offered while another goes when that is done', () => {
    const gone: string[] = [];
    let blocked = true;
    const second: Item = { name: 'second', standing: 'loose', section: -1, isReady: true };
    const order: OrderLine<Item> = new OrderLine<Item>((item) => {
      if (item === second && blocked) return false;
      if (item.name === 'first') {
        blocked = false;
        order.offer(second, 0);
        expect(gone).to.deep.equal([]);
      }
      gone.push(item.name);
      return true;
    });
    const first: Item = { name: 'first', standing: 'strict', section: -1, isReady: true };
    order.add(first);
    order.add(second);
    order.offer(first, 0);
    expect(gone).to.deep.equal(['first', 'second']);
  });

  it('clear() forgets all, also while one of them goes', () => {
    const order: OrderLine<Item> = new OrderLine<Item>(() => {
      order.clear();
      return true;
    });
    const items = ['strict', 'loose', 'barrier'].map((standing, index): Item => ({
      name: String(index),
      standing: standing as Standing,
      section: -1,
      isReady: true,
    }));
    for (const item of items) {
      order.add(item);
      order.offer(item, 0);
      expect(order.size).to.equal(0);
    }
  });
});
