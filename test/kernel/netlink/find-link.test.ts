import { expect } from 'chai';
import type { NetlinkMessage } from '../../../src/kernel/netlink/message.ts';
import { findLink, linkNamed } from '../../../src/kernel/netlink/find-link.ts';

describe('findLink()', () => {
  it('finds the loopback interface, and no interface that is not there', () => {
    expect(findLink('lo')).to.equal(1);
    expect(findLink('no-such-link')).to.equal(undefined);
  });

  it('asks for one link', () => {
    const message: NetlinkMessage = linkNamed('lo');
    expect(message.type).to.equal(18);
  });
});
