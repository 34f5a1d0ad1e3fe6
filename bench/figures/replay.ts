import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeFrame } from '../../src/wire/decode.ts';
import { readPcap } from '../../src/wire/pcap.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';
import { RUNNER, time } from '../command.ts';
import { type Figure, median } from '../figure.ts';
import { inScratch } from '../scenarios.ts';

const ROUNDS = 3;
const PORT = 443;

/** curl's download over HTTPS, captured, imported and played again: by how much the gaps between segments differ. */
export async function measureReplay(): Promise<readonly Figure[]> {
  return inScratch(async (folder) => {
    const file = join(folder, 'recorded.yaml');
    writeFileSync(file, RECORDED);
    const recorded = await apply(file, folder);
    const figures: Figure[] = [];
    for (const [what, options] of [
      ['over sockets', []],
      ['raw', ['--raw']],
    ] as const) {
      const played = join(folder, `${what.replace(' ', '-')}.yaml`);
      const argv = [RUNNER, 'import', recorded, '--random', 'all', ...options, '--write', played];
      await time(argv);
      const rounds: (readonly number[])[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        rounds.push(gapErrors(recorded, await apply(played, folder)));
      figures.push(figure(what, rounds));
    }
    return figures;
  });
}

function figure(what: string, rounds: readonly (readonly number[])[]): Figure {
  const at = (share: number): number =>
    median(rounds.map((errors) => errors[Math.ceil(errors.length * share) - 1] ?? NaN));
  return {
    what: `gap error of a replayed HTTPS capture, ${what}, p99`,
    value: at(0.99),
    unit: 'ms',
    wished: { atMost: 1 },
    beside: `p50 ${at(0.5).toFixed(3)} ms, ${rounds[0]?.length ?? 0} gaps`,
  };
}

/** The client's capture. */
async function apply(file: string, out: string): Promise<string> {
  const { stdout } = await time([RUNNER, 'apply', file, '--json', '--out', out]);
  const { results } = JSON.parse(stdout) as { results: string };
  return join(results, 'captures', 'client.wire.pcap');
}

/** Milliseconds, smallest first. */
function gapErrors(recorded: string, played: string): readonly number[] {
  const gaps = gapsIn(recorded);
  return gapsIn(played)
    .map((gap, index) => Math.abs(gap - (gaps[index] ?? NaN)))
    .toSorted((left, right) => left - right);
}

/** Between the SYN and every segment with new data, milliseconds. */
function gapsIn(file: string): readonly number[] {
  const seen = new Set<string>();
  const times: number[] = [];
  for (const { time: at, data, length } of readPcap(readFileSync(file))) {
    const frame = decodeFrame(data, length);
    const packet = frame.ok ? frame.value.packet : null;
    if (packet?.tcp == null) continue;
    const { flags, sourcePort, sequence } = packet.tcp;
    const isSyn = (flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === TCP_FLAG.SYN;
    const place = `${sourcePort === PORT ? 'server' : 'client'} ${sequence}`;
    if ((packet.payloadLength === 0 && !isSyn) || seen.has(place)) continue;
    seen.add(place);
    times.push(at / 1000);
  }
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

const RECORDED = [
  'version: 1',
  'name: recorded',
  'hosts: { client: {}, server: {} }',
  'networks: { wire: { members: [client, server] } }',
  'traffic:',
  `  - { name: serve, on: server, serve: { tls: { port: ${PORT}, names: [fine.example], size: 500kB } } }`,
  '  - { name: curl, from: client, run: [curl, -sS, -o, /dev/null, "https://fine.example/"] }',
  'captures: [client]',
  'expect: [{ flow: curl, failure: null }]',
  '',
].join('\n');
