import { expect } from 'chai';
import { endText, sightPackets } from '../../../src/analysis/mirror/sight-packets.ts';
import { OWN_CLOCK } from '../../../src/model/machine.ts';
import { type WrittenPacket, captureOf, macOf } from '../support/mirror-captures.ts';
import { EPOCH } from '../support/tape.ts';

const CLIENT = '10.190.4.137:40000';
const ONLINE = '10.191.7.17:9999';
const TARGET = '10.191.7.11:10231';
const ANSWERS = '10.191.7.17:36524';
const WANTED = {
  ends: [CLIENT],
  online: [ONLINE],
  answersPort: 36_524,
  senders: new Map([[macOf(2), 'online']]),
};

const packet = (from: string, to: string, at: number, more: Partial<WrittenPacket> = {}) => ({
  ...{ from, to, at, mac: 2, flags: ['ACK'] as const },
  ...more,
});

const sight = (packets: readonly WrittenPacket[], wanted = WANTED, most = 10) =>
  sightPackets([captureOf('online', 'lan', packets)], OWN_CLOCK, wanted, most);

describe('sightPackets()', () => {
  it('tells what is the client, its copy, an answer of either server, and the way of the headers', () => {
    const other = '10.190.4.137:40001';
    const seen = sight([
      packet(CLIENT, ONLINE, 1, { mac: 1 }),
      packet(ONLINE, CLIENT, 2),
      packet(CLIENT, TARGET, 3),
      packet(TARGET, CLIENT, 4, { mac: 3 }),
      packet('10.191.7.16:50000', ANSWERS, 5, { mac: 4 }),
      packet(other, ONLINE, 6),
    ]);
    expect(seen.map(({ kind, frame }) => [frame, kind])).to.deep.equal([
      [1, 'client'],
      [2, 'online'],
      [3, 'copy'],
      [4, 'target'],
      [5, 'answers'],
    ]);
  });

  it('says from whose interface a packet came, whatever address it bears', () => {
    const seen = sight([packet(CLIENT, TARGET, 1), packet(CLIENT, ONLINE, 2, { mac: 9 })]);
    expect(seen.map(({ source, sourceMac, sender }) => [source, sourceMac, sender])).to.deep.equal([
      [CLIENT, '02:00:00:00:00:02', 'online'],
      [CLIENT, '02:00:00:00:00:09', ''],
    ]);
  });

  it('has flags, numbers and lengths', () => {
    const [syn, data] = sight([
      packet(CLIENT, ONLINE, 1, { flags: ['SYN'], sequence: 1000 }),
      packet(CLIENT, ONLINE, 2, { flags: ['PSH', 'ACK'], sequence: 1001, bytes: 78 }),
    ]);
    expect(syn).to.include({ flags: 'SYN', sequence: 0, acknowledgment: null, length: 0 });
    expect(data).to.include({ flags: 'PSH+ACK', sequence: 1, length: 78, time: EPOCH + 2000 });
  });

  it('leaves out the headers of other sessions', () => {
    const answers = (at: number) => packet(ANSWERS, '10.191.7.16:50000', at);
    const seen = sight([
      ...[answers(1), packet(CLIENT, ONLINE, 20), packet(ONLINE, CLIENT, 21)],
      ...[answers(24), answers(500)],
    ]);
    expect(seen.map(({ frame }) => frame)).to.deep.equal([2, 3, 4]);
    expect(sight([answers(1)])).to.deep.equal([]);
  });

  it('has the first of many', () => {
    const packets = [1, 2, 3, 4, 5].map((at) => packet(CLIENT, ONLINE, at));
    expect(sight(packets, WANTED, 3).map(({ frame }) => frame)).to.deep.equal([1, 2, 3]);
  });

  it('puts the interfaces of a node in one order, on the controller’s clock', () => {
    const seen = sightPackets(
      [
        captureOf('online', 'front', [packet(CLIENT, ONLINE, 1), packet(ONLINE, CLIENT, 3)]),
        captureOf('online', 'back', [packet(CLIENT, TARGET, 2)]),
      ],
      { ...OWN_CLOCK, offset: 70 },
      WANTED,
      10,
    );
    expect(seen.map(({ capture, time }) => [capture, time - EPOCH])).to.deep.equal([
      ['online.front', 1070],
      ['online.back', 2070],
      ['online.front', 3070],
    ]);
  });

  it('reads IPv6, datagrams, and captures without Ethernet', () => {
    const [client, online] = ['[fd00::1]:40000', '[fd00::2]:53'];
    const datagram = { from: client, to: online, at: 1, bytes: 30 };
    const [seen] = sight([datagram], { ...WANTED, ends: [client], online: [online] });
    expect(seen).to.include({ kind: 'client', source: client, sourceMac: '', flags: '' });
    expect(seen).to.include({ sequence: null, acknowledgment: null, length: 30 });
  });
});

describe('endText()', () => {
  it('has brackets around IPv6', () =>
    expect([endText('10.0.0.1', 80), endText('fd00::1', 80)]).to.deep.equal([
      '10.0.0.1:80',
      '[fd00::1]:80',
    ]));
});
