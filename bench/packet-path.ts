// Through a censor that parses every packet, beside the kernel's own forwarding in the same run: real MTU packets, offload off.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, median } from './figure.ts';

const run = promisify(execFile);
const ROUND = join(import.meta.dirname, 'packet', 'round.ts');
/** Taken in turns, so that a busy machine is busy for both. */
const ROUNDS = 3;

interface Round {
  /** Of TCP payload, in bits per second. */
  readonly throughput: number;
  /** Median round trip of small UDP datagrams, in milliseconds. */
  readonly roundTrip: number;
}

export async function measurePacketPath(): Promise<readonly Figure[]> {
  const kernel: Round[] = [];
  const ring: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    kernel.push(await runRound('kernel'));
    ring.push(await runRound('ring'));
  }
  const throughput = (rounds: readonly Round[]): number =>
    median(rounds.map((round) => round.throughput));
  const roundTrip = (rounds: readonly Round[]): number =>
    median(rounds.map((round) => round.roundTrip));
  const ratios = ring.map((round, index) => round.throughput / (kernel[index]?.throughput ?? NaN));
  return [
    {
      what: 'throughput through the censor ÷ kernel forwarding',
      value: median(ratios),
      unit: 'ratio',
      wished: { atLeast: 0.35 },
      beside: `${gigabits(throughput(ring))} beside ${gigabits(throughput(kernel))}`,
    },
    {
      what: 'delay that the censor adds one way, p50',
      // A round trip passes the censor twice.
      value: (roundTrip(ring) - roundTrip(kernel)) / 2,
      unit: 'ms',
      wished: { atMost: 0.2 },
      beside: `round trip: ${roundTrip(ring).toFixed(3)} ms beside ${roundTrip(kernel).toFixed(3)} ms`,
    },
  ];
}

/** In a user namespace of its own, so that no privilege is needed. */
async function runRound(path: 'kernel' | 'ring'): Promise<Round> {
  const namespaces = ['--user', '--map-root-user', '--net', '--mount'];
  const node = [process.execPath, '--import', 'ts-blank-space/register', ROUND, path];
  const { stdout } = await run('unshare', [...namespaces, '--', ...node], { timeout: 60_000 });
  return JSON.parse(stdout) as Round;
}

const gigabits = (value: number): string => `${(value / 1e9).toFixed(2)} Gbit/s`;
