import { expect } from 'chai';
import { parsePrefix } from '../../src/base/addresses.ts';
import { FlowLedger } from '../../src/offline/flow-ledger.ts';
import type { FlowRecord } from '../../src/offline/flow-record.ts';
import { PacketView } from '../../src/wire/packet.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';
import {
  V4,
  V6,
  clientData,
  datagram,
  fromClient,
  handshake,
  serverData,
  text,
} from '../roles/censor/playbook.ts';

function ledgerOf(capacity = 100, clients: readonly string[] = []) {
  const gone: FlowRecord[] = [];
  const prefixes = clients.flatMap((one) => {
    const prefix = parsePrefix(one);
    return prefix.ok ? [prefix.value] : [];
  });
  const ledger = new FlowLedger(capacity, prefixes, (record) => gone.push(record));
  const view = new PacketView();
  const find = (packet: Uint8Array, frame = 1): FlowRecord => {
    expect(view.load(packet, 0, packet.length)).to.equal(true);
    return ledger.find(view, frame);
  };
  return { ledger, gone, find };
}

describe('FlowLedger', () => {
  for (const ends of [V4, V6])
    it(`knows a flow by both directions: ${ends.client}`, () => {
      const { ledger, find } = ledgerOf();
      const records = handshake(ends).map((packet) => find(packet));
      expect(new Set(records).size).to.equal(1);
      expect(records[0]).to.include({ client: ends.client, server: ends.server, number: 1 });
      expect(records[0]).to.include({ clientPort: 40_000, serverPort: 443, protocol: 'tcp' });
      expect(find(clientData({ ...ends, clientPort: 40_001 }, text('x'))).number).to.equal(2);
      expect(ledger.count).to.equal(2);
    });

  it('knows ends with equal ports apart by their addresses', () => {
    const { find } = ledgerOf();
    const same = { ...V4, clientPort: 53, serverPort: 53 };
    const back = { ...same, client: same.server, server: same.client };
    expect(find(datagram(same, text('a')))).to.equal(find(datagram(back, text('b'))));
    expect(find(datagram({ ...same, client: '10.0.0.9' }, text('c'))).number).to.equal(2);
  });

  it('takes a SYN with another number for another connection', () => {
    const { gone, find } = ledgerOf();
    const [syn] = handshake(V4);
    const first = find(syn!);
    expect(find(syn!)).to.equal(first);
    const second = find(fromClient(V4, { sequence: 77, flags: TCP_FLAG.SYN }));
    expect(second.number).to.equal(2);
    expect(gone).to.deep.equal([first]);
  });

  it('goes by SYN+ACK, then by who is said to be a client, then by who speaks first', () => {
    const [, synAck] = handshake(V4);
    expect(ledgerOf().find(synAck!)).to.include({ client: V4.client });
    const midway = serverData(V4, text('midway'));
    expect(ledgerOf().find(midway)).to.include({ client: V4.server });
    expect(ledgerOf(9, ['10.0.0.1/32']).find(midway)).to.include({ client: V4.client });
    expect(ledgerOf(9, ['172.16.0.0/12']).find(midway)).to.include({ client: V4.server });
  });

  it('gives away what has been silent for longest when there are too many, and the rest at the end', () => {
    const { ledger, gone, find } = ledgerOf(3);
    const packet = (port: number): Uint8Array => datagram({ ...V4, clientPort: port }, text('x'));
    for (const port of [1, 2, 3, 1, 4]) find(packet(port));
    expect(gone.map(({ clientPort }) => clientPort)).to.deep.equal([2]);
    expect(find(packet(1)).number).to.equal(1);
    ledger.close();
    expect(gone.map(({ number }) => number).toSorted()).to.deep.equal([1, 2, 3, 4]);
  });
});
