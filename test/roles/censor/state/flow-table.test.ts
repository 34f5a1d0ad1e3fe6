import { expect } from 'chai';
import { FlowTable } from '../../../../src/roles/censor/state/flow-table.ts';
import type { Flow } from '../../../../src/roles/censor/state/flow.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { V4, V6, clientData, datagram, fromServer, serverData, text } from '../playbook.ts';

function view(packet: Uint8Array): PacketView {
  const loaded = new PacketView();
  loaded.load(packet, 0, packet.length);
  return loaded;
}

function meet(table: FlowTable, packet: Uint8Array, now: number): Flow {
  const loaded = view(packet);
  return table.find(loaded, now) ?? table.create(loaded, 0, now);
}

describe('roles/censor/flow-table', () => {
  for (const ends of [V4, V6])
    it(`find() finds both directions of a flow of ${ends.client}`, () => {
      const table = new FlowTable(10, 1);
      const flow = meet(table, clientData(ends, text('x')), 0);
      expect(table.isForward).to.equal(true);
      expect(meet(table, serverData(ends, text('x')), 1)).to.equal(flow);
      expect(table.isForward).to.equal(false);
      expect(table.size).to.equal(1);
    });

  it('find() keeps protocols and ports apart', () => {
    const table = new FlowTable(10, 1);
    meet(table, clientData(V4, text('x')), 0);
    meet(table, datagram(V4, text('x')), 0);
    meet(table, clientData({ ...V4, clientPort: 1 }, text('x')), 0);
    expect(table.size).to.equal(3);
  });

  it('create() takes the sender of a SYN+ACK for the server', () => {
    const table = new FlowTable(10, 1);
    const flow = meet(table, fromServer(V4, { sequence: 1, acknowledgment: 2, flags: 0x12 }), 0);
    expect(flow).to.include({ clientPort: 40_000, serverPort: 443 });
    expect(table.isForward).to.equal(false);
  });

  it('find() forgets a flow that was idle for too long', () => {
    const table = new FlowTable(10, 1);
    const flow = meet(table, datagram(V4, text('x')), 0);
    expect(meet(table, datagram(V4, text('x')), 119e6)).to.equal(flow);
    expect(meet(table, datagram(V4, text('x')), 240e6)).not.to.equal(flow);
    expect(table.size).to.equal(1);
  });

  it('create() evicts the least recently used', () => {
    const table = new FlowTable(3, 1);
    const packet = (port: number): Uint8Array => datagram({ ...V4, clientPort: port }, text('x'));
    const flows = [1, 2, 3].map((port) => meet(table, packet(port), port * 1e6));
    meet(table, packet(1), 4e6);
    meet(table, packet(4), 5e6);
    expect(table.evicted).to.equal(1);
    expect(table.find(view(packet(1)), 6e6)).to.equal(flows[0]);
    expect(table.find(view(packet(2)), 6e6)).to.equal(null);
    expect(table.find(view(packet(3)), 6e6)).to.equal(flows[2]);
  });

  it('create() stays bounded under a flood', () => {
    const table = new FlowTable(100, 1);
    for (let flow = 0; flow < 5000; flow += 1)
      meet(table, datagram({ ...V4, clientPort: flow, serverPort: flow }, text('x')), flow);
    expect(table.size).to.equal(100);
    expect(table.evicted).to.equal(4900);
  });
});
