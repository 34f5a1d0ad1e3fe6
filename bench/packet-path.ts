// Through a censor that parses every packet, beside the kernel's own forwarding and a C program on NFQUEUE in the same run: real MTU
// packets, offload off.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, median } from './figure.ts';

const run = promisify(execFile);
const FOLDER = join(import.meta.dirname, 'packet');
const PROGRAMS = ['accept-all', 'probe'];
/** Taken in turns, so that a busy machine is busy for all. */
const ROUNDS = 5;

interface Round {
  /** Of TCP payload, in bits per second. */
  readonly throughput: number;
  /** Of small UDP datagrams at 10,000 a second, one way, in milliseconds. */
  readonly delay: { readonly p50: number; readonly p99: number };
  /** New TCP connections a second. */
  readonly connections: number;
}

/** `accepted`: by the C program. */
const KINDS = ['kernel', 'inspected', 'decided', 'accepted'] as const;
type Kind = (typeof KINDS)[number];
type Rounds = Readonly<Record<Kind, Round[]>>;
type Read = (round: Round) => number;

export async function measurePacketPath(): Promise<readonly Figure[]> {
  const rounds: Rounds = { kernel: [], inspected: [], decided: [], accepted: [] };
  const folder = mkdtempSync(join(tmpdir(), 'bench-packet-'));
  try {
    for (const program of PROGRAMS) {
      const options = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror'];
      await run('gcc', [...options, '-o', join(folder, program), join(FOLDER, `${program}.c`)]);
    }
    for (let round = 0; round < ROUNDS; round += 1)
      for (const kind of KINDS) rounds[kind].push(await runRound(kind, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const compare = (what: string, kind: Kind, base: Kind, read: Read, atLeast: number): Figure => {
    const { value, spread } = ratioOf(rounds, kind, base, read);
    const [ours, theirs] = [kind, base].map((one) => amount(middle(rounds, one, read), read));
    const beside = `${ours} beside ${theirs}; ${spread}`;
    return { what, value, unit: 'ratio', wished: { atLeast }, beside };
  };
  return [
    compare(
      'throughput, every packet inspected ÷ kernel forwarding',
      ...(['inspected', 'kernel', throughput, 0.4] as const),
    ),
    compare(
      'throughput, every packet inspected ÷ C program on NFQUEUE that accepts all',
      ...(['inspected', 'accepted', throughput, 1] as const),
    ),
    compare(
      'throughput of flows that are decided ÷ kernel forwarding',
      ...(['decided', 'kernel', throughput, 0.9] as const),
    ),
    compare(
      'new connections through an SNI rule ÷ kernel forwarding',
      ...(['decided', 'kernel', connections, 0.5] as const),
    ),
    addedDelay(rounds, 'p50', 0.1),
    addedDelay(rounds, 'p99', 1),
  ];
}

const throughput: Read = (round) => round.throughput;
const connections: Read = (round) => round.connections;

const middle = (rounds: Rounds, kind: Kind, read: Read): number => median(rounds[kind].map(read));

/** Of rounds that ran one after the other: the median, and how far they lie apart. */
function ratioOf(
  rounds: Rounds,
  kind: Kind,
  base: Kind,
  read: Read,
): { readonly value: number; readonly spread: string } {
  const ratios = rounds[kind].flatMap((round, index) => {
    const other = rounds[base][index];
    return other === undefined ? [] : [read(round) / read(other)];
  });
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  const spread = `${least.toFixed(2)} to ${most.toFixed(2)} in ${ratios.length} rounds`;
  return { value: median(ratios), spread };
}

function addedDelay(rounds: Rounds, share: 'p50' | 'p99', atMost: number): Figure {
  const read: Read = ({ delay }) => delay[share];
  const [inspected, kernel, accepted] = [
    middle(rounds, 'inspected', read),
    middle(rounds, 'kernel', read),
    middle(rounds, 'accepted', read),
  ];
  return {
    what: `delay that the censor adds one way at 10,000 packets/s, ${share}`,
    value: inspected - kernel,
    unit: 'ms',
    wished: { atMost },
    beside: `${inspected.toFixed(3)} ms beside ${kernel.toFixed(3)} ms; C program: ${accepted.toFixed(3)} ms`,
  };
}

/** In a user namespace of its own, so that no privilege is needed. */
async function runRound(kind: Kind, programs: string): Promise<Round> {
  const namespaces = ['--user', '--map-root-user', '--net', '--mount'];
  const script = ['--import', 'ts-blank-space/register', join(FOLDER, 'round.ts')];
  const argv = [...namespaces, '--', process.execPath, ...script, kind, programs];
  const { stdout } = await run('unshare', argv, { timeout: 60_000 });
  return JSON.parse(stdout) as Round;
}

const amount = (value: number, read: Read): string =>
  read === throughput ? `${(value / 1e9).toFixed(2)} Gbit/s` : `${Math.round(value)} a second`;
