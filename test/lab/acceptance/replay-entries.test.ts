// Entries with `replay`, and captures of several conversations with one port, as whole runs show them at the other side.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ETHERNET_HEADER_LENGTH } from '../../../src/wire/ethernet.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { readPcap } from '../../../src/wire/pcap.ts';
import { verifyIpChecksum, verifyTransportChecksum } from '../../../src/wire/verify.ts';
import * as made from '../../scenario/replay/made-capture.ts';
import { type ApplyReport, apply, runRunner, scratch } from './support/runner.ts';

const SIX = {
  client: { address: 'fd00:99::1', port: 5353 },
  server: { address: 'fd00:99::2', port: 53 },
};

const QUERIES = made.captureOf([
  made.datagram(0, 'client', made.text('question'), SIX),
  made.datagram(20, 'server', made.text('an answer'), SIX),
  made.datagram(25, 'client', made.text('more'), SIX),
]);

/** What is sent again, and what comes before what it follows. */
const DISTURBED = made.captureOf([
  ...made.handshake(0),
  made.segment(10, 'client', { sequence: 1, acknowledgment: 1, payload: made.text('one') }),
  made.segment(12, 'client', { sequence: 6, acknowledgment: 1, payload: made.text('three') }),
  made.segment(14, 'client', { sequence: 4, acknowledgment: 1, payload: made.text('22') }),
  made.segment(15, 'client', { sequence: 1, acknowledgment: 1, payload: made.text('one') }),
  made.segment(20, 'server', { sequence: 1, acknowledgment: 11, payload: made.text('done') }),
]);

const endsWith = (port: number): made.Ends => ({
  client: { ...made.ENDS.client, port },
  server: made.ENDS.server,
});
const spoken = (port: number): readonly made.MadePacket[] => [
  made.segment(0, 'client', { sequence: 1, payload: made.text('ask') }, endsWith(port)),
  made.segment(30, 'server', { sequence: 1, payload: made.text('told') }, endsWith(port)),
];
/** Both at once to one port. */
const TWO = made.captureOf([...spoken(40_000), ...spoken(40_001)].sort((a, b) => a.at - b.at));

const scenario = (subnet: string, entries: string): string => `version: 1
name: entries
hosts: { client: {}, server: {} }
networks: { wire: { subnet: "${subnet}", members: [client, server] } }
traffic:
${entries}
captures: [server]
`;

/** Of TCP and UDP. */
const packetsOf = (report: ApplyReport): readonly PacketView[] =>
  [...readPcap(readFileSync(join(report.results, 'captures/server.wire.pcap')))].flatMap(
    ({ data }) => {
      const view = new PacketView();
      const isWhole = view.load(data, ETHERNET_HEADER_LENGTH, data.length);
      return isWhole && view.sourcePort !== 0 ? [view] : [];
    },
  );

const sizesFrom = (packets: readonly PacketView[], port: number): readonly number[] =>
  packets
    .filter(({ payloadLength, sourcePort }) => payloadLength > 0 && sourcePort === port)
    .map(({ payloadLength }) => payloadLength);

describe('entries that replay a capture', function () {
  this.timeout(60_000);
  const folder = scratch('entries');
  after(() => folder.remove());
  writeFileSync(join(folder.path, 'queries.pcap'), QUERIES);
  writeFileSync(join(folder.path, 'disturbed.pcap'), DISTURBED);
  writeFileSync(join(folder.path, 'two.pcap'), TWO);

  const play = async (name: string, subnet: string, entries: string): Promise<ApplyReport> => {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(file, scenario(subnet, entries));
    const report = await apply(file, { out: folder.path });
    expect(report.verdicts.map(({ failure }) => failure)).to.satisfy((found: unknown[]) =>
      found.every((failure) => failure === null),
    );
    return report;
  };

  it('plays datagrams over IPv6, through sockets and as packets', async () => {
    const report = await play(
      'queries',
      'fd00:5::/64',
      `  - { name: sockets, between: ["client:6000", "server:7000"], replay: { file: queries.pcap } }
  - { name: packets, between: [client, server], after: sockets, replay: { file: queries.pcap, level: packet } }`,
    );
    const packets = packetsOf(report);
    expect(sizesFrom(packets, 6000)).to.deep.equal([8, 4]);
    expect(sizesFrom(packets, 7000)).to.deep.equal([9]);
    expect(sizesFrom(packets, 5353)).to.deep.equal([8, 4]);
    expect(sizesFrom(packets, 53)).to.deep.equal([9]);
    for (const packet of packets) {
      expect(packet.sourceText).to.match(/^fd00:5::/);
      expect(verifyTransportChecksum(packet)).to.equal('valid');
    }
  });

  it('plays a disturbed connection as its distinct segments, and as all of its packets', async () => {
    const report = await play(
      'disturbed',
      '10.20.0.0/24',
      `  - { name: sockets, between: [client:6000, server:7000], replay: { file: disturbed.pcap, speed: flat-out } }
  - { name: packets, between: [client, server], after: sockets, replay: { file: disturbed.pcap, level: packet } }`,
    );
    const packets = packetsOf(report);
    expect(sizesFrom(packets, 6000)).to.deep.equal([3, 2, 5]);
    expect(sizesFrom(packets, 7000)).to.deep.equal([4]);
    expect(sizesFrom(packets, 40_000)).to.deep.equal([3, 5, 2, 3]);
    for (const packet of packets.filter(({ sourcePort }) => sourcePort === 40_000)) {
      expect(packet.sourceText).to.equal('10.20.0.1');
      expect([verifyIpChecksum(packet), verifyTransportChecksum(packet)]).to.deep.equal([
        'valid',
        'valid',
      ]);
    }
  });

  it('plays conversations with one port at the same time', async () => {
    const file = join(folder.path, 'both.yaml');
    const capture = join(folder.path, 'two.pcap');
    const imported = await runRunner(['import', capture, '--write', file]);
    expect(imported).to.include({ code: 0, stderr: '' });
    const report = await apply(file, { out: folder.path });
    expect(report.verdicts.map(({ failure }) => failure)).to.deep.equal([null, null]);
    expect(report.expectations.every(({ held }) => held)).to.equal(true);
  });
});
