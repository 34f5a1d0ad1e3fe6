import { endianness } from 'node:os';
import { expect } from 'chai';
import { encodeMessages } from '../../../src/kernel/netlink/message.ts';
import { createWireguard, moveLink, setMtu } from '../../../src/kernel/netlink/wireguard.ts';

/** The messages as bytes, without length, sequence and flags of the netlink header. */
const bytesOf = (message: Parameters<typeof encodeMessages>[0][number]): string =>
  encodeMessages([message]).subarray(16).toString('hex');

/** Numbers in these bytes are in the order of the machine. */
const LITTLE: boolean = endianness() === 'LE';

describe('kernel/netlink/wireguard', function () {
  before(function () {
    if (!LITTLE) this.skip();
  });

  it('createWireguard() asks for an interface that is born in another namespace, down', () =>
    expect(bytesOf(createWireguard({ name: 'wg0', index: 100, mtu: 1420, namespace: 9 }))).to.equal(
      [
        '00000000' + '64000000' + '00000000' + '00000000',
        // IFLA_IFNAME, IFLA_MTU, IFLA_NET_NS_FD
        '08000300' + '77673000',
        '08000400' + '8c050000',
        '08001c00' + '09000000',
        // IFLA_LINKINFO, nested: IFLA_INFO_KIND
        '14001280' + '0e000100' + '776972656775617264000000',
      ].join(''),
    ));

  it('moveLink() names the interface, where it goes and its index there', () =>
    expect(bytesOf(moveLink('tun0', 9, 100))).to.equal(
      [
        '00000000'.repeat(4),
        '09000300' + '74756e3000' + '000000',
        '08001c00' + '09000000',
        '08003100' + '64000000',
      ].join(''),
    ));

  it('setMtu() changes that alone', () =>
    expect(bytesOf(setMtu(100, 1420))).to.equal(
      '00000000' + '64000000' + '00000000'.repeat(2) + '08000400' + '8c050000',
    ));
});
