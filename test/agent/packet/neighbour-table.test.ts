import { expect } from 'chai';
import { NeighbourTable } from '../../../src/agent/packet/neighbour-table.ts';
import { fromHex } from '../../../src/wire/bytes.ts';

const LEFT = fromHex('02f1f2f3f4f5');
const RIGHT = fromHex('000000000001');
const V4 = fromHex('0a010001');
const V6 = fromHex('fd000000000000000000000000000001');

/** `address` followed by the MAC, as `learn` takes both of one memory. */
const learn = (table: NeighbourTable, address: Uint8Array, mac: Uint8Array): void =>
  table.learn(Uint8Array.from([...address, ...mac]), 0, address.length, address.length);

function find(table: NeighbourTable, address: Uint8Array): Uint8Array | null {
  const found = new Uint8Array(6);
  return table.resolve(address, 0, address.length, found, 0) ? found : null;
}

describe('NeighbourTable', () => {
  it('resolves addresses of both families to the MAC that they were learned with last', () => {
    const table = new NeighbourTable();
    expect(find(table, V4)).to.equal(null);
    learn(table, V4, LEFT);
    learn(table, V6, RIGHT);
    expect(find(table, V4)).to.deep.equal(LEFT);
    expect(find(table, V6)).to.deep.equal(RIGHT);
    learn(table, V4, RIGHT);
    expect(find(table, V4)).to.deep.equal(RIGHT);
  });

  it('is of fixed size: a flood of addresses leaves the last ones known, each with its own MAC', () => {
    const table = new NeighbourTable();
    const address = new Uint8Array(16);
    const mac = new Uint8Array(6);
    const put = (index: number): void => {
      new DataView(address.buffer).setUint32(8, index);
      new DataView(mac.buffer).setUint32(2, index);
    };
    const flood = 100_000;
    for (let index = 0; index < flood; index += 1) {
      put(index);
      learn(table, address, mac);
    }
    expect(find(table, address)).to.deep.equal(mac);
    let known = 0;
    let wrong = 0;
    for (let index = 0; index < flood; index += 1) {
      put(index);
      const found = find(table, address);
      if (found === null) continue;
      if (found.every((byte, at) => byte === mac[at])) known += 1;
      else wrong += 1;
    }
    expect(wrong).to.equal(0);
    expect(known).to.be.within(32_768, 65_536);
  });
});
