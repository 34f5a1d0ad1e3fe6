import { expect } from 'chai';
import type { Buffer as Bytes } from 'node:buffer';
import { linkNamed } from '../../../src/kernel/netlink/find-link.ts';
import { query, readReply, readU32 } from '../../../src/kernel/netlink/query.ts';

/** RTM_NEWLINK, and bytes of `struct ifinfomsg`. */
const NEW_LINK = 16;
const INFO = 16;

describe('query()', () => {
  it('gives the header and the attributes of the answer', () => {
    const { header, attributes } = query(linkNamed('lo'), NEW_LINK, INFO);
    expect(readU32(header, 4)).to.equal(1);
    const name = attributes.get(3);
    const bytes = new Uint8Array(name?.buffer ?? new ArrayBuffer(0), name?.byteOffset, 2);
    expect(Buffer.from(bytes).toString()).to.equal('lo');
  });
});

describe('readReply()', () => {
  it('reads nothing from replies that are cut short', () => {
    const reply: Bytes = Buffer.from('20000000100000000100000000000000'.padEnd(64, '0'), 'hex');
    for (let length = 0; length < reply.length; length += 1) {
      const { header, attributes } = readReply(reply.subarray(0, length), NEW_LINK, INFO);
      expect(readU32(header, 4)).to.equal(undefined);
      expect(attributes.size).to.equal(0);
    }
    reply.writeInt32LE(7, 20);
    expect(readU32(readReply(reply, NEW_LINK, INFO).header, 4)).to.equal(7);
  });
});
