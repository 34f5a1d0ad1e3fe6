import { expect } from 'chai';
import type { Buffer as Bytes } from 'node:buffer';
import { findLink, readIndex } from '../../../src/kernel/netlink/find-link.ts';

describe('findLink()', () => {
  it('finds the loopback interface, and no interface that is not there', () => {
    expect(findLink('lo')).to.equal(1);
    expect(findLink('no-such-link')).to.equal(undefined);
  });
});

describe('readIndex()', () => {
  it('reads nothing from replies that are cut short', () => {
    const reply: Bytes = Buffer.from('20000000100000000100000000000000'.padEnd(64, '0'), 'hex');
    for (let length = 0; length < reply.length; length += 1)
      expect(readIndex(reply.subarray(0, length))).to.equal(undefined);
    reply.writeInt32LE(7, 20);
    expect(readIndex(reply)).to.equal(7);
  });
});
