import { expect } from 'chai';
import { LINKTYPE } from '../../src/wire/pcap.ts';
import { formatPacket } from '../../src/wire/format.ts';
import { makePcap } from '../wire/captures.ts';
import {
  DROP,
  RESET,
  THROTTLE,
  V4,
  V6,
  clientData,
  datagram,
  handshake,
  hello,
  query,
  rule,
  serverData,
  sniRule,
  text,
} from '../roles/censor/playbook.ts';
import { censor, hear } from './tape.ts';

const START = 1_700_000_000_000_000;
const RAW = LINKTYPE.LINKTYPE_RAW;

const pcap = (packets: readonly Uint8Array[], step = 1000): Uint8Array =>
  makePcap(
    packets.map((data, at) => ({ time: START + at * step, data })),
    RAW,
  );

const forbidden = (ends: typeof V4): Uint8Array[] => [
  ...handshake(ends),
  clientData(ends, hello('www.blocked.example')),
  serverData(ends, text('hello')),
];

describe('CaptureJudge', () => {
  for (const ends of [V4, V6])
    it(`says what the censor would do with each packet and flow of ${ends.client}`, () => {
      const { judge, packets, flows, sent } = hear(pcap(forbidden(ends)), censor([sniRule(RESET)]));
      expect(packets.map(({ decision }) => decision)).to.deep.equal([
        ...['pass', 'pass', 'pass'],
        ...['drop', 'pass'],
      ]);
      expect(packets[3]).to.deep.include({
        frame: 4,
        time: START + 3000,
        injected: 2,
        acts: [{ rule: 'forbidden', action: 'reset', detail: 'tls.sni www.blocked.example' }],
      });
      expect(flows).to.have.lengthOf(1);
      expect(flows[0]).to.include({ number: 1, packets: 5, dropped: 1, injected: 2, lastFrame: 5 });
      const { protocol, client, clientPort, server, serverPort } = flows[0]!;
      expect({ protocol, ...ends }).to.deep.equal({
        ...{ protocol: 'tcp', client, clientPort, server, serverPort },
      });
      expect(flows[0]!.acts).to.deep.equal([{ ...packets[3]!.acts[0], frame: 4 }]);
      expect(judge.counters).to.include({
        packets: 5,
        passed: 4,
        dropped: 1,
        injected: 2,
        flows: 1,
      });
      expect(judge.statistics).to.deep.include({ rules: [{ name: 'forbidden', hits: 1 }] });
      // Three of the handshake, an RST to each side, and what the server said.
      expect(sent.map(({ time }) => time - START)).to.deep.equal([0, 1000, 2000, 3000, 3000, 4000]);
      expect(formatPacket(sent[3]!.packet)).to.contain('Flags [R]');
    });

  it('lets everything pass that an on-path censor acts upon', () => {
    const { packets, sent } = hear(
      pcap(forbidden(V4)),
      censor([sniRule({ ...RESET, dropTrigger: false })], { position: 'on-path' }),
    );
    expect(packets.every(({ decision }) => decision === 'pass')).to.equal(true);
    expect(packets[3]!.injected).to.equal(2);
    expect(sent).to.have.lengthOf(7);
  });

  it('lets packets that are held go at their time, between those that pass', () => {
    const shape = { ...THROTTLE, mode: 'shape', rate: 80_000, burst: 100 } as const;
    const packets = Array.from({ length: 5 }, (_, at) =>
      datagram(V4, text(`packet ${at} `.repeat(8))),
    );
    const file = pcap([...packets, datagram({ ...V4, clientPort: 9 }, text('last'))]);
    const shaped = rule([{ field: 'udp.srcport', ranges: [[40_000, 40_000]] }], shape);
    const heard = hear(file, censor([shaped]));
    const times = heard.sent.map(({ time }) => time);
    expect(times).to.deep.equal(times.toSorted((left, right) => left - right));
    expect(heard.sent).to.have.lengthOf(6);
    expect(heard.judge.counters.delayed).to.be.at.least(3);
    expect(heard.packets.at(-2)).to.include({ decision: 'delay' });
    expect(heard.flows.find(({ clientPort }) => clientPort === 40_000)?.altered).to.equal(
      heard.judge.counters.delayed,
    );
  });

  it('says of the packets after a drop that they are dropped, and makes no new act of it', () => {
    const { packets, flows } = hear(pcap(forbidden(V4)), censor([sniRule(DROP)]));
    const rule = 'forbidden';
    const said = packets.map(({ flow, decision, acts }) => [flow, decision, acts.length]);
    expect(said.slice(3)).to.deep.equal([
      [1, 'drop', 1],
      [1, 'drop', 0],
    ]);
    expect(packets.map((packet) => packet.rule)).to.deep.equal([null, null, null, rule, rule]);
    expect(flows[0]).to.include({ dropped: 2 });
  });

  it('judges what the capture cut by its headers, with zeros for the rest', () => {
    const [syn, synAck, ack, words] = forbidden(V4);
    const file = makePcap(
      [syn!, synAck!, ack!, words!].map((data, at) => ({
        time: START + at,
        data: data.subarray(0, 60),
        length: data.length,
      })),
      RAW,
    );
    const byName = hear(file, censor([sniRule(RESET)]));
    expect(byName.judge.counters).to.include({ cut: 1, dropped: 0 });
    expect(byName.judge.statistics.unparsable).to.equal(0);
    expect(byName.packets[3]).to.include({ isCut: true, decision: 'pass' });
    const byPort = hear(
      file,
      censor([rule([{ field: 'tcp.dstport', ranges: [[443, 443]] }], DROP)]),
    );
    expect(byPort.judge.counters.dropped).to.be.at.least(1);
  });

  it('counts what is no IP packet, and frames of a link layer that it does not know', () => {
    const arp = new Uint8Array(42);
    arp.set([0x08, 0x06], 12);
    const ethernet = hear(makePcap([{ time: START, data: arp }], 1), censor([]));
    expect(ethernet.judge.counters).to.include({ packets: 1, passed: 1, notIp: 1, flows: 0 });
    const strange = hear(makePcap([{ time: START, data: arp }], 147), censor([]));
    expect(strange.judge.counters).to.include({ unknownLink: 1 });
    expect(strange.packets[0]).to.include({ flow: null, decision: 'pass' });
  });

  it('does not turn the clock back with a capture whose times go back', () => {
    const file = makePcap(
      forbidden(V4).map((data, at) => ({ time: START - at * 1e6, data })),
      RAW,
    );
    const { sent } = hear(file, censor([sniRule(RESET)]));
    expect(new Set(sent.map(({ time }) => time))).to.deep.equal(new Set([START]));
  });

  it('says the same however the file comes in', () => {
    const file = pcap([...forbidden(V6), datagram(V4, query('blocked.example'))]);
    const said = [1, 7, 64, 10_000].map((size) => {
      const { packets, flows, sent } = hear(file, censor([sniRule(RESET)]), { size });
      const ofFlows = flows.map(({ number, packets: count, acts }) => ({ number, count, acts }));
      return JSON.stringify([packets, ofFlows, sent]);
    });
    expect(new Set(said).size).to.equal(1);
  });

  it('says why a file is no capture, and where one is damaged', () => {
    expect(hear(new Uint8Array(99), censor([])).judge.fault).to.contain('Expected a pcap');
    const cut = hear(pcap(forbidden(V4)).subarray(0, 60), censor([])).judge;
    expect(cut.fault).to.equal(null);
    expect(cut.damage).to.contain('after packet 0');
  });
});
