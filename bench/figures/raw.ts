// Raw endpoints beside tcpreplay in the same run: how fast packets leave, and how exactly on time.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, median } from '../figure.ts';

const run = promisify(execFile);
const ROUND = join(import.meta.dirname, '..', 'raw', 'round.ts');
const ROUNDS = 3;
/** Microseconds between two packets of the timed part: 10,000 a second. */
const GAP = 100;

interface Round {
  /** Packets a second. */
  readonly flatOut: { readonly ours: number; readonly replayed: number };
  /** Microseconds between arrivals. */
  readonly gaps: { readonly ours: readonly number[]; readonly replayed: readonly number[] };
}

export async function measureRaw(): Promise<readonly Figure[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await playRound());
  const middle = (read: (round: Round) => number): number => median(rounds.map(read));
  const gapError = (share: number): Figure => {
    const ours = middle(({ gaps }) => quantile(gaps.ours, share));
    const replayed = middle(({ gaps }) => quantile(gaps.replayed, share));
    return {
      what: `raw endpoint at 10,000 packets/s: error of gaps, p${share * 100}`,
      value: ours / 1000,
      unit: 'ms',
      wished: { atMost: share === 0.5 ? 0.02 : 0.2 },
      beside: `tcpreplay --pps: ${(replayed / 1000).toFixed(3)} ms`,
    };
  };
  const ours = middle(({ flatOut }) => flatOut.ours);
  const replayed = middle(({ flatOut }) => flatOut.replayed);
  return [
    gapError(0.5),
    gapError(0.99),
    {
      what: 'raw endpoint flat out: 64-byte frames, of 300,000 a second',
      value: ours / 300_000,
      unit: 'ratio',
      wished: { atLeast: 1 },
      beside: `${thousands(ours)} beside ${thousands(replayed)} of tcpreplay --topspeed`,
    },
  ];
}

/** In a user namespace of its own, so that no privilege is needed. */
async function playRound(): Promise<Round> {
  const namespaces = ['--user', '--map-root-user', '--net', '--mount'];
  const node = [process.execPath, '--import', 'ts-blank-space/register', ROUND];
  const { stdout } = await run('unshare', [...namespaces, '--', ...node], {
    timeout: 90_000,
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(stdout) as Round;
}

function quantile(gaps: readonly number[], share: number): number {
  const errors = gaps.map((gap) => Math.abs(gap - GAP)).toSorted((left, right) => left - right);
  return errors[Math.floor(errors.length * share)] ?? NaN;
}

const thousands = (value: number): string => `${Math.round(value / 1000)}k packets/s`;
