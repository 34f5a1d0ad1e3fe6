import { expect } from 'chai';
import { ControlTable } from '../../../../src/roles/censor/state/control-table.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { type Ends, V4, V6, fromClient, fromServer } from '../playbook.ts';

const { ACK, FIN, RST } = TCP_FLAG;

function viewOf(packet: Uint8Array): PacketView {
  const view = new PacketView();
  expect(view.load(packet, 0, packet.length)).to.equal(true);
  return view;
}

const segment = (ends: Ends, flags: number): PacketView =>
  viewOf(fromClient(ends, { sequence: 1, flags }));

describe('roles/censor/control-table', () => {
  for (const ends of [V4, V6])
    it(`take() tells flows of ${ends.client} once of what any ports said, either way`, () => {
      const table = new ControlTable();
      const flow = { controlEpoch: table.epoch };
      const other = { ...ends, clientPort: 7, serverPort: 8 };
      table.note(segment(other, ACK));
      expect(table.take(flow, segment(ends, ACK))).to.equal(0);
      table.note(viewOf(fromServer(other, { sequence: 1, flags: RST })));
      table.note(segment(other, FIN | ACK));
      expect(table.take(flow, segment(ends, ACK))).to.equal(RST | FIN);
      expect(table.take(flow, segment(ends, ACK))).to.equal(0);
      table.note(segment(other, FIN));
      expect(table.take(flow, segment(ends, ACK))).to.equal(FIN);
    });

  it('take() spares flows between other addresses, and those that began later', () => {
    const table = new ControlTable();
    const before = { controlEpoch: table.epoch };
    table.note(segment(V4, RST));
    expect(table.take(before, segment({ ...V4, client: '10.0.0.3' }, ACK))).to.equal(0);
    expect(table.take({ controlEpoch: table.epoch }, segment(V4, ACK))).to.equal(0);
  });

  it('note() forgets what was longest ago once there is too much', () => {
    const table = new ControlTable();
    const flow = { controlEpoch: 0 };
    table.note(segment(V4, RST));
    for (let count = 0; count < 65_536; count += 1) {
      const client = `10.${100 + (count >> 16)}.${(count >> 8) & 255}.${count & 255}`;
      table.note(segment({ ...V4, client }, RST));
    }
    expect(table.take(flow, segment(V4, ACK))).to.equal(0);
  });
});
