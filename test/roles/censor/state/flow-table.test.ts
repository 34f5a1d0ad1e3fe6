import { expect } from 'chai';
import { DEFAULT_STATE } from '../../../../src/model/censor-defaults.ts';
import type { CensorState } from '../../../../src/model/censor.ts';
import { SEEN_SYN, stageOf } from '../../../../src/roles/censor/state/connection.ts';
import { FlowTable } from '../../../../src/roles/censor/state/flow-table.ts';
import type { Flow } from '../../../../src/roles/censor/state/flow.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { V4, V6, clientData, datagram, fromServer, serverData, text } from '../playbook.ts';

const makeTable = (capacity: number, rest: Partial<CensorState> = {}): FlowTable =>
  new FlowTable({ ...DEFAULT_STATE, capacity, ...rest }, 1);

function view(packet: Uint8Array): PacketView {
  const loaded = new PacketView();
  loaded.load(packet, 0, packet.length);
  return loaded;
}

function meet(table: FlowTable, packet: Uint8Array, now: number): Flow | null {
  const loaded = view(packet);
  return table.find(loaded, now) ?? table.create(loaded, now);
}

const from = (port: number): Uint8Array => datagram({ ...V4, clientPort: port }, text('x'));

describe('roles/censor/flow-table', () => {
  for (const ends of [V4, V6])
    it(`find() finds both directions of a flow of ${ends.client}`, () => {
      const table = makeTable(10);
      const flow = meet(table, clientData(ends, text('x')), 0);
      expect(table.isForward).to.equal(true);
      expect(meet(table, serverData(ends, text('x')), 1)).to.equal(flow);
      expect(table.isForward).to.equal(false);
      expect(table.size).to.equal(1);
    });

  it('find() keeps protocols and ports apart', () => {
    const table = makeTable(10);
    meet(table, clientData(V4, text('x')), 0);
    meet(table, datagram(V4, text('x')), 0);
    meet(table, clientData({ ...V4, clientPort: 1 }, text('x')), 0);
    expect(table.size).to.equal(3);
  });

  it('create() takes the sender of a SYN+ACK for the server', () => {
    const table = makeTable(10);
    const flow = meet(table, fromServer(V4, { sequence: 1, acknowledgment: 2, flags: 0x12 }), 0);
    expect(flow).to.include({ clientPort: 40_000, serverPort: 443 });
    expect(table.isForward).to.equal(false);
  });

  it('find() forgets a flow that was idle for too long', () => {
    const table = makeTable(10);
    const flow = meet(table, datagram(V4, text('x')), 0);
    expect(meet(table, datagram(V4, text('x')), 119e6)).to.equal(flow);
    expect(meet(table, datagram(V4, text('x')), 240e6)).not.to.equal(flow);
    expect(table.size).to.equal(1);
  });

  it('enter() gives a flow the time of another stage', () => {
    const table = makeTable(10);
    const flow = meet(table, clientData(V4, text('x')), 0);
    if (flow === null) throw new Error('there is room');
    flow.marks = SEEN_SYN;
    expect(stageOf(flow)).to.equal('syn');
    table.enter(flow, 'syn');
    expect(table.find(view(clientData(V4, text('x'))), 60e6)).to.equal(flow);
    expect(table.find(view(clientData(V4, text('x'))), 120e6 + 1)).to.equal(null);
  });

  it('create() evicts the least recently used, of whatever stage', () => {
    const table = makeTable(3);
    const first = meet(table, clientData(V4, text('x')), 1e6);
    meet(table, from(2), 2e6);
    const third = meet(table, from(3), 3e6);
    meet(table, clientData(V4, text('x')), 4e6);
    meet(table, from(4), 5e6);
    expect(table.evicted).to.equal(1);
    expect(table.find(view(clientData(V4, text('x'))), 6e6)).to.equal(first);
    expect(table.find(view(from(2)), 6e6)).to.equal(null);
    expect(table.find(view(from(3)), 6e6)).to.equal(third);
  });

  for (const whenFull of ['pass', 'drop'] as const)
    it(`create() takes no more when full: ${whenFull}`, () => {
      const table = makeTable(2, { whenFull });
      meet(table, from(1), 0);
      meet(table, from(2), 60e6);
      expect(meet(table, from(3), 60e6)).to.equal(null);
      // What is over makes room.
      expect(meet(table, from(3), 120e6 + 1)).not.to.equal(null);
      expect([table.size, table.evicted]).to.deep.equal([2, 0]);
    });

  it('create() clears away flows that are over faster than others come', () => {
    const table = makeTable(10_000);
    for (let port = 1; port <= 1000; port += 1) meet(table, from(port), port);
    expect(table.size).to.equal(1000);
    for (let port = 2001; port <= 3000; port += 1) meet(table, from(port), 300e6 + port);
    expect(table.size).to.equal(1000);
  });

  it('create() stays bounded under a flood', () => {
    const table = makeTable(100);
    for (let flow = 0; flow < 5000; flow += 1)
      meet(table, datagram({ ...V4, clientPort: flow, serverPort: flow }, text('x')), flow);
    expect(table.size).to.equal(100);
    expect(table.evicted).to.equal(4900);
  });
});
