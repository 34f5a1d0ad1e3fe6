// A capture of curl talking HTTPS becomes a scenario, and what that sends is what was captured: sizes, order and gaps.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeFrame } from '../../../src/wire/decode.ts';
import { readPcap } from '../../../src/wire/pcap.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { type ApplyReport, apply, runRunner, scratch } from './support/runner.ts';

const RECORDED = `version: 1
name: recorded
hosts: { client: {}, server: {} }
networks: { wire: { members: [client, server] } }
traffic:
  - { name: serve, on: server, serve: { tls: { port: 443, names: [fine.example], size: 500kB } } }
  - { name: curl, from: client, run: [curl, -sS, -o, /dev/null, "https://fine.example/"] }
captures: [client]
expect: [{ flow: curl, failure: null }]
`;

/** Milliseconds by which gaps may differ, for 99 of 100. */
const GAP_ERROR = 1;

interface Sent {
  /** Microseconds. */
  readonly time: number;
  /** `443 1448`: the port that it came from, `client` where that is chosen by chance, and its bytes. */
  readonly what: string;
}

/** The SYN and every segment with data, in order; what a busy machine's kernel sends again counts once. */
function sentIn(report: ApplyReport): readonly Sent[] {
  const capture = readFileSync(join(report.results, 'captures/client.wire.pcap'));
  const seen = new Set<string>();
  return [...readPcap(capture)].flatMap(({ time, data, length }) => {
    const frame = decodeFrame(data, length);
    const packet = frame.ok ? frame.value.packet : null;
    if (packet?.tcp == null) return [];
    const isSyn = (packet.tcp.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === TCP_FLAG.SYN;
    if (packet.payloadLength === 0 && !isSyn) return [];
    const from = packet.tcp.sourcePort === 443 ? 'server' : 'client';
    const place = `${from} ${packet.tcp.sequence}`;
    if (seen.has(place)) return [];
    seen.add(place);
    return [{ time, what: `${from} ${packet.payloadLength}` }];
  });
}

const gapsOf = (sent: readonly Sent[]): readonly number[] =>
  sent.slice(1).map(({ time }, index) => (time - (sent[index]?.time ?? 0)) / 1000);

describe('a capture that is imported', function () {
  this.timeout(120_000);
  const folder = scratch('replay');
  after(() => folder.remove());

  let recorded: ApplyReport;
  before(async () => {
    const file = join(folder.path, 'recorded.yaml');
    writeFileSync(file, RECORDED);
    recorded = await apply(file, { out: folder.path });
    expect(recorded.verdicts[0]).to.include({ flow: 'curl', failure: null });
  });

  const replay = async (name: string, ...options: readonly string[]): Promise<ApplyReport> => {
    const file = join(folder.path, `${name}.yaml`);
    const capture = join(recorded.results, 'captures/client.wire.pcap');
    const imported = await runRunner(['import', capture, '--write', file, ...options]);
    expect(imported.stderr).to.equal('');
    expect(imported.code).to.equal(0);
    return apply(file, { out: folder.path });
  };

  for (const [name, options] of [
    ['bytes', []],
    ['sizes', ['--random', 'all']],
    ['segments', ['--raw', '--random', 'all']],
  ] as const)
    it(`sends the same ${name}, in the same order, with the same gaps`, async () => {
      const played = await replay(name, ...options);
      expect(played.expectations.every(({ held }) => held)).to.equal(true);
      const [before, after] = [sentIn(recorded), sentIn(played)];
      expect(before.length).to.be.above(300);
      expect(after.map(({ what }) => what)).to.deep.equal(before.map(({ what }) => what));
      const gaps = gapsOf(before);
      const errors = gapsOf(after).map((gap, index) => Math.abs(gap - (gaps[index] ?? 0)));
      errors.sort((left, right) => left - right);
      expect(errors[Math.ceil(errors.length * 0.99) - 1]).to.be.at.most(GAP_ERROR);
    });
});
