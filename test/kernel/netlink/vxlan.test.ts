import { expect } from 'chai';
import { parseIp } from '../../../src/base/addresses.ts';
import type { IpAddress } from '../../../src/base/addresses.ts';
import { encodeMessages } from '../../../src/kernel/netlink/message.ts';
import { addFloodPeer } from '../../../src/kernel/netlink/neighbour.ts';
import { createVxlan } from '../../../src/kernel/netlink/vxlan.ts';

const address = (text: string): IpAddress => {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
// Little-endian, as the machines that these bytes are written for.
const hex = (...rows: string[]): string => rows.join('').replaceAll(' ', '');
const encode = (local: string): string =>
  encodeMessages([
    createVxlan({ name: 'vx', index: 100, namespace: 9, vni: 7, local: address(local), mtu: 1430 }),
  ]).toString('hex');

describe('createVxlan()', () => {
  it('asks for an identifier, a source over IPv4 without UDP checksum, learning and port 4789', () => {
    expect(encode('192.0.2.1')).to.equal(
      hex(
        '7c000000 1000 0506 01000000 00000000', // RTM_NEWLINK, REQUEST | ACK | EXCL | CREATE
        '00 00 0000 64000000 01000000 01000000', // ifinfomsg: 100, IFF_UP
        '0700 0300 76780000 08000400 96050000 08001c00 09000000', // IFNAME, MTU, NET_NS_FD
        '44001280 0a000100 7678 6c61 6e00 0000', // LINKINFO: KIND
        '34000280 08000100 07000000 08000400 c0000201', // DATA: ID, LOCAL
        '05000500 40000000 05000700 01000000 06000f00 12b50000 05001200 00000000', // TTL, LEARNING, PORT, UDP_CSUM
      ),
    );
  });

  it('leaves the checksum where the outer header is of IPv6', () => {
    const message = encode('2001:db8::1');
    expect(message).to.contain(hex('14001100 20010db8 00000000 00000000 00000001'));
    expect(message).to.not.contain('05001200');
  });
});

describe('addFloodPeer()', () => {
  it('appends an entry of the all-zero address to the forwarding database', () => {
    expect(encodeMessages([addFloodPeer(100, address('192.0.2.2'))]).toString('hex')).to.equal(
      hex(
        '30000000 1c00 050c 01000000 00000000', // RTM_NEWNEIGH, REQUEST | ACK | CREATE | APPEND
        '07 00 0000 64000000 c000 02 00', // AF_BRIDGE, permanent and without ARP, NTF_SELF
        '08000100 c0000202 0a000200 00000000 00000000', // DST, LLADDR
      ),
    );
  });
});
