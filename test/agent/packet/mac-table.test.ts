import { expect } from 'chai';
import { MacTable, isGroupAddress } from '../../../src/agent/packet/mac-table.ts';
import { fromHex } from '../../../src/wire/bytes.ts';

const ONE = fromHex('0200000000010200000000ff');

describe('MacTable', () => {
  it('finds the port behind which an address was seen last', () => {
    const table = new MacTable<string>();
    expect(table.find(ONE, 0)).to.equal(undefined);
    table.learn(ONE, 0, 'left');
    table.learn(ONE, 6, 'left');
    table.learn(ONE, 6, 'right');
    expect(table.find(ONE, 0)).to.equal('left');
    expect(table.find(ONE, 6)).to.equal('right');
  });

  it('knows no groups', () => {
    const table = new MacTable<string>();
    const group = fromHex('333300000001');
    table.learn(group, 0, 'left');
    expect(table.find(group, 0)).to.equal(undefined);
    expect(isGroupAddress(group, 0)).to.equal(true);
    expect(isGroupAddress(ONE, 0)).to.equal(false);
  });

  it('takes no more addresses than it has room for, and those that it has go on moving', () => {
    const table = new MacTable<string>();
    const mac = new Uint8Array(6);
    const place = new DataView(mac.buffer);
    for (let index = 0; index < 65_537; index += 1) {
      place.setUint32(2, index);
      table.learn(mac, 0, 'left');
    }
    expect(table.find(mac, 0)).to.equal(undefined);
    place.setUint32(2, 0);
    table.learn(mac, 0, 'right');
    expect(table.find(mac, 0)).to.equal('right');
  });
});
