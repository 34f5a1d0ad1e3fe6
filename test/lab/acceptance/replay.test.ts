// A capture of curl talking HTTPS becomes a scenario, and what that sends is what was captured: sizes and order. How well gaps are
// kept is measured by bench/figures/replay.ts.
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

/** `server 1448`: the SYN and every segment with data, in order; what a busy machine's kernel sends again counts once. */
function sentIn(report: ApplyReport): readonly string[] {
  const capture = readFileSync(join(report.results, 'captures/client.wire.pcap'));
  const seen = new Set<string>();
  return [...readPcap(capture)].flatMap(({ data, length }) => {
    const frame = decodeFrame(data, length);
    const packet = frame.ok ? frame.value.packet : null;
    if (packet?.tcp == null) return [];
    const isSyn = (packet.tcp.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === TCP_FLAG.SYN;
    if (packet.payloadLength === 0 && !isSyn) return [];
    const from = packet.tcp.sourcePort === 443 ? 'server' : 'client';
    const place = `${from} ${packet.tcp.sequence}`;
    if (seen.has(place)) return [];
    seen.add(place);
    return [`${from} ${packet.payloadLength}`];
  });
}

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
    it(`sends the same ${name}, in the same order`, async () => {
      const played = await replay(name, ...options);
      expect(played.expectations.every(({ held }) => held)).to.equal(true);
      const before = sentIn(recorded);
      expect(before.length).to.be.above(300);
      expect(sentIn(played)).to.deep.equal(before);
    });
});
