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
  /** Of small UDP datagrams at 10,000 a second, in milliseconds. */
  readonly roundTrip: { readonly p50: number; readonly p99: number };
  /** New TCP connections a second. */
  readonly connections: number;
}

const KINDS = ['kernel', 'inspected', 'decided'] as const;
type Kind = (typeof KINDS)[number];

export async function measurePacketPath(): Promise<readonly Figure[]> {
  const rounds: Record<Kind, Round[]> = { kernel: [], inspected: [], decided: [] };
  for (let round = 0; round < ROUNDS; round += 1)
    for (const kind of KINDS) rounds[kind].push(await runRound(kind));
  const middle = (kind: Kind, read: (round: Round) => number): number =>
    median(rounds[kind].map(read));
  const ratio = (kind: Kind, read: (round: Round) => number): number =>
    median(rounds[kind].map((round, index) => read(round) / read(rounds.kernel[index] ?? round)));
  const throughput = ({ throughput: bits }: Round): number => bits;
  const connections = ({ connections: count }: Round): number => count;
  const beside = (kind: Kind): string =>
    `${gigabits(middle(kind, throughput))} beside ${gigabits(middle('kernel', throughput))}`;
  // A round trip passes the censor twice.
  const added = (share: 'p50' | 'p99'): number =>
    (middle('inspected', ({ roundTrip }) => roundTrip[share]) -
      middle('kernel', ({ roundTrip }) => roundTrip[share])) /
    2;
  return [
    {
      what: 'throughput, every packet inspected ÷ kernel forwarding',
      value: ratio('inspected', throughput),
      unit: 'ratio',
      wished: { atLeast: 0.4 },
      beside: beside('inspected'),
    },
    {
      what: 'throughput of flows that are decided ÷ kernel forwarding',
      value: ratio('decided', throughput),
      unit: 'ratio',
      wished: { atLeast: 0.9 },
      beside: beside('decided'),
    },
    {
      what: 'new connections through an SNI rule ÷ kernel forwarding',
      value: ratio('decided', connections),
      unit: 'ratio',
      wished: { atLeast: 0.5 },
      beside: `${Math.round(middle('decided', connections))} beside ${Math.round(middle('kernel', connections))} a second`,
    },
    ...(['p50', 'p99'] as const).map((share): Figure => ({
      what: `delay that the censor adds one way at 10,000 packets/s, ${share}`,
      value: added(share),
      unit: 'ms',
      wished: { atMost: share === 'p50' ? 0.1 : 1 },
      beside: `round trip: ${middle('inspected', ({ roundTrip }) => roundTrip[share]).toFixed(3)} ms beside ${middle('kernel', ({ roundTrip }) => roundTrip[share]).toFixed(3)} ms`,
    })),
  ];
}

/** In a user namespace of its own, so that no privilege is needed. */
async function runRound(kind: Kind): Promise<Round> {
  const namespaces = ['--user', '--map-root-user', '--net', '--mount'];
  const node = [process.execPath, '--import', 'ts-blank-space/register', ROUND, kind];
  const { stdout } = await run('unshare', [...namespaces, '--', ...node], { timeout: 60_000 });
  return JSON.parse(stdout) as Round;
}

const gigabits = (value: number): string => `${(value / 1e9).toFixed(2)} Gbit/s`;
