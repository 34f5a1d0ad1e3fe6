import { expect } from 'chai';
import { BusyFlows } from '../../../../src/agent/packet/carry/busy-flows.ts';
import { V4, V6, type Ends } from '../../../roles/censor/playbook.ts';
import { parseIp } from '../../../../src/base/addresses.ts';
import { buildTcp } from '../../../../src/wire/build.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';

const segment = (ends: Ends, isForward: boolean, flags: number = TCP_FLAG.ACK): Uint8Array => {
  const [client, server] = [parseIp(ends.client), parseIp(ends.server)];
  if (!client.ok || !server.ok) throw new Error('The addresses are addresses');
  const [from, to] = isForward ? [client, server] : [server, client];
  const ports = [ends.clientPort, ends.serverPort];
  const [sourcePort = 0, destinationPort = 0] = isForward ? ports : ports.toReversed();
  const ip = { source: from.value, destination: to.value };
  return buildTcp({ ...ip, sourcePort, destinationPort, sequence: 1, flags });
};

describe('BusyFlows', () => {
  for (const ends of [V4, V6])
    it(`note() gives a flow once, when both directions make it busy: ${ends.client}`, () => {
      const busy = new BusyFlows(10);
      const found = Array.from({ length: 30 }, (_, index) => {
        const packet = segment(ends, index % 2 === 0);
        return busy.note(packet, 0, packet.length, 1e6 + index);
      }).filter((key) => key !== null);
      expect(found).to.have.length(1);
      expect(found[0]?.family).to.equal(ends === V4 ? 4 : 6);
    });

  it('note() forgets what was a second ago, and never counts SYN, FIN and RST', () => {
    const busy = new BusyFlows(10);
    const packet = segment(V4, true);
    for (let index = 0; index < 30; index += 1)
      expect(busy.note(packet, 0, packet.length, index * 0.2e6)).to.equal(null);
    const end = segment(V4, true, TCP_FLAG.FIN);
    for (let index = 0; index < 30; index += 1)
      expect(busy.note(end, 0, end.length, 7e6)).to.equal(null);
  });
});
