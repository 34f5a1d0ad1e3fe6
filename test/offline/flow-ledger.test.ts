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
  const find = (packet: Uint8Array, frame = 1): number => {
    expect(view.load(packet, 0, packet.length)).to.equal(true);
    return ledger.find(view, frame);
  };
  /** The number of the packet's flow. */
  const number = (packet: Uint8Array): number => ledger.numberOf(find(packet));
  /** What is known of the packet's flow, once all are given away. */
  const last = (packet: Uint8Array): FlowRecord | undefined => {
    find(packet);
    ledger.close();
    return gone.at(-1);
  };
  return { ledger, gone, find, number, last };
}

describe('FlowLedger', () => {
  for (const ends of [V4, V6])
    it(`knows a flow by both directions: ${ends.client}`, () => {
      const { ledger, gone, number } = ledgerOf();
      expect(handshake(ends).map(number)).to.deep.equal([1, 1, 1]);
      expect(number(clientData({ ...ends, clientPort: 40_001 }, text('x')))).to.equal(2);
      expect(ledger.count).to.equal(2);
      ledger.close();
      expect(gone[0]).to.include({ client: ends.client, server: ends.server, number: 1 });
      expect(gone[0]).to.include({ clientPort: 40_000, serverPort: 443, protocol: 'tcp' });
    });

  it('knows ends with equal ports apart by their addresses', () => {
    const { number } = ledgerOf();
    const same = { ...V4, clientPort: 53, serverPort: 53 };
    const back = { ...same, client: same.server, server: same.client };
    expect(number(datagram(same, text('a')))).to.equal(number(datagram(back, text('b'))));
    expect(number(datagram({ ...same, client: '10.0.0.9' }, text('c')))).to.equal(2);
  });

  it('takes a SYN with another number for another connection', () => {
    const { gone, number } = ledgerOf();
    const [syn, synAck] = handshake(V4);
    expect([syn!, syn!].map(number)).to.deep.equal([1, 1]);
    expect(gone).to.deep.equal([]);
    expect(number(fromClient(V4, { sequence: 77, flags: TCP_FLAG.SYN }))).to.equal(2);
    expect(gone.map((record) => record.number)).to.deep.equal([1]);
    expect(number(synAck!)).to.equal(2);
  });

  it('adds up what became of the packets of each flow', () => {
    const { ledger, gone, find } = ledgerOf();
    const act = { rule: 'names', action: 'reset', detail: '' } as const;
    const packet = { time: 0, flow: 1, isCut: false, rule: null, injected: 0, acts: [] };
    const row = find(datagram(V4, text('x')), 5);
    expect(ledger.lastRule(row)).to.equal(null);
    ledger.add(row, { ...packet, frame: 5, decision: 'pass' }, 2 ** 32);
    ledger.add(row, { ...packet, frame: 6, decision: 'drop', injected: 2, acts: [act] }, 40);
    ledger.add(row, { ...packet, frame: 9, decision: 'delay' }, 40);
    expect(ledger.lastRule(row)).to.equal('names');
    ledger.close();
    expect(gone[0]).to.include({ firstFrame: 5, lastFrame: 9, packets: 3, bytes: 2 ** 32 + 80 });
    expect(gone[0]).to.deep.include({ dropped: 1, altered: 1, injected: 2 });
    expect(gone[0]!.acts).to.deep.equal([{ ...act, frame: 6 }]);
  });

  it('goes by SYN+ACK, then by who is said to be a client, then by who speaks first', () => {
    const [, synAck] = handshake(V4);
    expect(ledgerOf().last(synAck!)).to.include({ client: V4.client });
    const midway = serverData(V4, text('midway'));
    expect(ledgerOf().last(midway)).to.include({ client: V4.server });
    expect(ledgerOf(9, ['10.0.0.1/32']).last(midway)).to.include({ client: V4.client });
    expect(ledgerOf(9, ['172.16.0.0/12']).last(midway)).to.include({ client: V4.server });
  });

  it('gives away what has been silent for long when there are too many, and the rest at the end', () => {
    const { ledger, gone, number } = ledgerOf(3);
    const packet = (port: number): Uint8Array => datagram({ ...V4, clientPort: port }, text('x'));
    for (const port of [1, 2, 3, 1, 4]) number(packet(port));
    expect(gone.map(({ clientPort }) => clientPort)).to.deep.equal([2]);
    expect(number(packet(1))).to.equal(1);
    ledger.close();
    expect(gone.map((record) => record.number).toSorted()).to.deep.equal([1, 2, 3, 4]);
  });
});
