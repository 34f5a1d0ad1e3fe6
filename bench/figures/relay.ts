// Relays beside socat and mitmproxy in the same run, over loopback: connections that are only carried, and OpenFlow messages that are told
// apart and edited.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, median } from '../figure.ts';

const run = promisify(execFile);
const FOLDER = join(import.meta.dirname, '..', 'relay');
const PROGRAMS = ['load', 'serve'];
/** Each has all carriers in turns, so that a busy machine is busy for all. */
const ROUNDS = 5;

type Beside<Ours extends string> = Readonly<Record<Ours | 'socat' | 'direct', number>>;

interface Delay {
  readonly p50: number;
  readonly p99: number;
}

/** Of `round.ts`. `direct`: without anything between. */
interface Round {
  /** Bytes a second. */
  readonly bulk: Omit<Beside<'raw'>, 'direct'>;
  /** Questions answered a second, over one connection and over 32. */
  readonly asked: Beside<'raw'>;
  readonly askedWide: Beside<'raw'>;
  /** New connections a second. */
  readonly connected: Beside<'raw'>;
  /** Messages a second, as many in a write as it takes. */
  readonly streamed: Readonly<Record<'framed' | 'edited' | 'mitmproxy', number>>;
  /** Messages a second of 32 connections that wait for each answer. */
  readonly editedWide: Readonly<Record<'edited' | 'mitmproxy', number>>;
  /** Milliseconds one way, of 5000 messages a second. */
  readonly delay: Readonly<Record<'direct' | 'raw' | 'edited' | 'socat', Delay>>;
  /** Megabytes of the relay's processes, with none and with so many idle connections. */
  readonly idle: { readonly connections: number; readonly before: number; readonly after: number };
}

type Read = (round: Round) => number;

export async function measureRelay(): Promise<readonly Figure[]> {
  const rounds: Round[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'bench-relay-'));
  try {
    for (const program of PROGRAMS) {
      const options = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror'];
      await run('gcc', [...options, '-o', join(folder, program), join(FOLDER, `${program}.c`)]);
    }
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await playRound(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const middle = (read: Read): number => median(rounds.map(read));
  return [
    ...besideSocat(rounds),
    ...messages(middle),
    ratio(rounds, {
      what: 'messages edited ÷ mitmproxy in raw TCP with OS-Ken, 32 connections that wait for each answer',
      ours: ({ editedWide }) => editedWide.edited,
      theirs: ({ editedWide }) => editedWide.mitmproxy,
      atLeast: 10,
      amount: perSecond,
    }),
    ratio(rounds, {
      what: 'messages edited ÷ mitmproxy in raw TCP with OS-Ken, many of them at once',
      ours: ({ streamed }) => streamed.edited,
      theirs: ({ streamed }) => streamed.mitmproxy,
      atLeast: 10,
      amount: perSecond,
    }),
    addedDelay(middle, 'p50', 0.06),
    addedDelay(middle, 'p99', 1),
    {
      what: 'memory of a relay with 10,000 idle connections',
      value: middle(
        ({ idle }) => idle.before + ((idle.after - idle.before) / idle.connections) * 1e4,
      ),
      unit: 'MB',
      wished: { atMost: 200 },
      beside: `without: ${middle(({ idle }) => idle.before).toFixed(0)} MB; ${middle(({ idle }) => idle.connections)} were open`,
    },
    {
      what: 'new connections through a relay',
      value: middle(({ connected }) => connected.raw) / 1000,
      unit: 'k/s',
      wished: { atLeast: 6 },
      beside: `socat: ${perSecond(middle(({ connected }) => connected.socat))}; nothing between: ${perSecond(middle(({ connected }) => connected.direct))}`,
    },
  ];
}

function besideSocat(rounds: readonly Round[]): readonly Figure[] {
  return [
    ratio(rounds, {
      what: 'bulk through a relay ÷ socat',
      ours: ({ bulk }) => bulk.raw,
      theirs: ({ bulk }) => bulk.socat,
      atLeast: 0.8,
      amount: (bytes) => `${(bytes / 1e9).toFixed(2)} GB/s`,
    }),
    ratio(rounds, {
      what: 'requests through a relay ÷ socat, one connection',
      ours: ({ asked }) => asked.raw,
      theirs: ({ asked }) => asked.socat,
      atLeast: 1,
      amount: perSecond,
    }),
    ratio(rounds, {
      what: 'requests through a relay ÷ socat, 32 connections',
      ours: ({ askedWide }) => askedWide.raw,
      theirs: ({ askedWide }) => askedWide.socat,
      atLeast: 1,
      amount: perSecond,
    }),
  ];
}

function messages(middle: (read: Read) => number): readonly Figure[] {
  const { framed, edited }: Readonly<Record<'framed' | 'edited', Read>> = {
    framed: ({ streamed }) => streamed.framed,
    edited: ({ streamed }) => streamed.edited,
  };
  return [
    {
      what: 'OpenFlow messages through a relay, told apart',
      value: middle(framed) / 1000,
      unit: 'k/s',
      wished: { atLeast: 60 },
    },
    {
      what: 'OpenFlow messages through a relay, a field of each edited',
      value: middle(edited) / 1000,
      unit: 'k/s',
      wished: { atLeast: 40 },
    },
  ];
}

interface Comparison {
  readonly what: string;
  readonly ours: Read;
  readonly theirs: Read;
  readonly atLeast: number;
  readonly amount: (value: number) => string;
}

/** Of rounds that ran one after the other: the median, and how far they lie apart. */
function ratio(
  rounds: readonly Round[],
  { what, ours, theirs, atLeast, amount }: Comparison,
): Figure {
  const ratios = rounds.map((round) => ours(round) / theirs(round));
  const [own, other] = [ours, theirs].map((read) => amount(median(rounds.map(read))));
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} in ${ratios.length} rounds`;
  return {
    what,
    value: median(ratios),
    unit: 'ratio',
    wished: { atLeast },
    beside: `${own} beside ${other}; ${spread}`,
  };
}

function addedDelay(middle: (read: Read) => number, share: keyof Delay, atMost: number): Figure {
  const [direct = NaN, raw = NaN, edited = NaN, socat = NaN] = (
    ['direct', 'raw', 'edited', 'socat'] as const
  ).map((carrier) => middle(({ delay }) => delay[carrier][share]));
  return {
    what: `delay that a relay which edits adds one way at 5,000 messages/s, ${share}`,
    value: edited - direct,
    unit: 'ms',
    wished: { atMost },
    beside: `${edited.toFixed(3)} ms beside ${direct.toFixed(3)} ms; raw: ${raw.toFixed(3)} ms; socat: ${socat.toFixed(3)} ms`,
  };
}

/** In a user namespace of its own, so that no privilege is needed. */
async function playRound(folder: string): Promise<Round> {
  const namespaces = ['--user', '--map-root-user', '--net'];
  const script = ['--import', 'ts-blank-space/register', join(FOLDER, 'round.ts')];
  const argv = [...namespaces, '--', process.execPath, ...script, folder];
  const { stdout } = await run('unshare', argv, { timeout: 900_000 });
  return JSON.parse(stdout) as Round;
}

const perSecond = (value: number): string => `${Math.round(value)} a second`;
