// Mirrors in a lab of their own, in packet mode unless said: how much of what clients say reaches the target, by what both servers heard, and what
// clients notice. tcpcopy's figures are those of the issue that asked for mirrors.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MIRROR_LIMITS } from '../../src/model/mirror-defaults.ts';
import type { MirrorRecord } from '../../src/model/mirror-record.ts';
import { withMirror } from '../../test/lab/agent/mirror/mirror-lab.ts';
import type { MirrorWish } from '../../test/lab/agent/mirror/mirror-plan.ts';
import { type Figure, median } from '../figure.ts';

const run = promisify(execFile);
const SOURCE = join(import.meta.dirname, '..', 'mirror', 'peer.c');
const ROUNDS = 3;
const SIZE = '200';
/** Of messages that are never whole: an upload has no answer. */
const ENDLESS = '1000000000';
const ONLINE = ['10.190.0.1', '9999'] as const;
const KEPT = { ask: [SIZE, '100', '10000', '50000'], short: [SIZE, '64', '2000', '6000'] };
const LOOP = [SIZE, '1', '0', '10000'];
const UPLOAD = ['100000000', '100'];
/** What of an upload may wait for the target. */
const WAITING = 268_435_456;

/** What a client prints (`peer.c`), and what became of it. */
interface Round {
  readonly p50: number;
  readonly seconds: number;
  /** Of the bytes that the online server heard, how many the target did. */
  readonly share: number;
  /** Requests a second, from the first packet of the copy to its last. */
  readonly perSecond: number;
  readonly statistics: MirrorRecord['statistics'];
}

export async function measureMirror(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-mirror-'));
  const peer = join(folder, 'peer');
  try {
    await run('gcc', ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-o', peer, SOURCE]);
    const play = (what: string, words: readonly string[], wish: MirrorWish = {}) =>
      rounds(() => playRound(peer, [what, ...ONLINE, ...words], wish));
    const asked = await play('ask', KEPT.ask);
    const alone = await rounds(() => playRound(peer, ['ask', ...ONLINE, ...KEPT.ask], null));
    const limits = { ...MIRROR_LIMITS, sessionBytes: WAITING, totalBytes: WAITING };
    return [
      copied('10,000 requests/s over 100 connections that stay', asked, 1),
      copied('2,000 connections/s of one request each', await play('connect', KEPT.short), 1),
      loopFigure(await play('ask', LOOP)),
      copied('100 MB in one connection at 100 MB/s', await play('upload', UPLOAD, { limits }), 0.5),
      copied(
        '100 MB at 100 MB/s, where interfaces join segments',
        await play('upload', UPLOAD, { limits, offload: true }),
        0.5,
      ),
      copied(
        '100 MB at 100 MB/s by connections of its own (mode: stream)',
        await play('upload', UPLOAD, { limits, mode: 'stream' }),
        1,
      ),
      latencyFigure(asked, alone),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function copied(what: string, all: readonly Round[], atLeast: number): Figure {
  const shares = all.map(({ share }) => share);
  const spread = `${Math.min(...shares).toFixed(3)} to ${Math.max(...shares).toFixed(3)} in ${shares.length} rounds`;
  const lag = all.map(({ statistics }) => statistics.bytes.mostWaiting / 1e6);
  return {
    what: `copied of ${what}`,
    value: median(shares),
    unit: 'ratio',
    wished: { atLeast },
    beside: `${spread}; ${median(lag).toFixed(1)} MB waited at most`,
  };
}

const loopFigure = (all: readonly Round[]): Figure => ({
  what: 'requests of one connection that are copied, each after the answer before it',
  value: median(all.map(({ perSecond }) => perSecond)) / 1000,
  unit: 'k/s',
  wished: { atLeast: 2 },
  beside: `the client had its answers at ${(10 / median(all.map(({ seconds }) => seconds))).toFixed(1)} k/s; tcpcopy: about 0.9 k/s`,
});

const latencyFigure = (mirrored: readonly Round[], alone: readonly Round[]): Figure => {
  const [own = NaN, other = NaN] = [mirrored, alone].map((all) =>
    median(all.map(({ p50 }) => p50)),
  );
  return {
    what: 'p50 of the online server at 10,000 requests/s with a mirror ÷ without',
    value: own / other,
    unit: 'ratio',
    wished: { atMost: 1.1 },
    beside: `${own.toFixed(3)} ms beside ${other.toFixed(3)} ms`,
  };
};

async function rounds(play: () => Promise<Round>): Promise<readonly Round[]> {
  const all: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) all.push(await play());
  return all;
}

/** `wish` null: the mirror has ended before. */
function playRound(
  peer: string,
  client: readonly string[],
  wish: MirrorWish | null,
): Promise<Round> {
  const size = client[0] === 'upload' ? ENDLESS : SIZE;
  return withMirror(wish ?? {}, async ({ start, finish, news }) => {
    const servers = [
      start('online', [peer, 'serve', '9999', size]),
      start('target', [peer, 'serve', '10231', size]),
    ];
    await Promise.all(servers.map(({ ready }) => ready));
    if (wish === null) await finish();
    const [told = ''] = await start('client', [peer, ...client]).lines;
    const { statistics } = await finish();
    const heard = await Promise.all(
      servers.map((server) => {
        server.end();
        return server.lines;
      }),
    );
    const [online = NaN, target = NaN] = heard.map(([bytes]) => Number(bytes));
    const times = news().flatMap(({ kind, time }) =>
      kind === 'opened' || kind === 'ended' ? [time] : [],
    );
    const took = (Math.max(...times) - Math.min(...times)) / 1e6;
    const { p50, seconds } = JSON.parse(told) as { readonly p50: number; readonly seconds: number };
    return {
      ...{ p50, seconds, statistics },
      share: target / online,
      perSecond: target / Number(SIZE) / took,
    };
  });
}
