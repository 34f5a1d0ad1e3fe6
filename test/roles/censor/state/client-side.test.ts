import { expect } from 'chai';
import { parsePrefix } from '../../../../src/base/addresses.ts';
import { isFromClient } from '../../../../src/roles/censor/state/client-side.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { V4, V6, clientData, datagram, handshake, serverData, text } from '../playbook.ts';

const asked = (packet: Uint8Array, ...clients: readonly string[]): boolean => {
  const view = new PacketView();
  expect(view.load(packet, 0, packet.length)).to.equal(true);
  const prefixes = clients.flatMap((one) => {
    const prefix = parsePrefix(one);
    return prefix.ok ? [prefix.value] : [];
  });
  return isFromClient(view, prefixes);
};

describe('isFromClient()', () => {
  it('goes by SYN and SYN+ACK, whoever the clients are said to be', () => {
    const [syn, synAck] = handshake(V4);
    expect(asked(syn!, '10.0.0.2/32')).to.equal(true);
    expect(asked(synAck!, '10.0.0.2/32')).to.equal(false);
  });

  for (const [ends, client, other] of [
    [V4, '10.0.0.1/32', '172.16.0.0/12'],
    [V6, 'fd00::1/128', '2001:db8::/32'],
  ] as const)
    it(`goes by addresses in the middle of a flow of ${ends.client}, else by who speaks first`, () => {
      expect(asked(serverData(ends, text('x')), client)).to.equal(false);
      expect(asked(clientData(ends, text('x')), client)).to.equal(true);
      expect(asked(serverData(ends, text('x')), other)).to.equal(true);
      expect(asked(serverData(ends, text('x')))).to.equal(true);
      expect(asked(datagram(ends, text('x')), client)).to.equal(true);
    });
});
