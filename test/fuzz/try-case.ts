// One case of the fuzzer: a seed is a censor and a list of damaged packets. What fails is made as short as it can be.
import { seededRandom } from '../../src/base/random.ts';
import type { Censor } from '../../src/roles/censor/censor.ts';
import { createCensor } from '../../src/roles/censor/create-censor.ts';
import { Interceptor } from '../../src/roles/intercept/interceptor.ts';
import { pick } from './corpus.ts';
import { type Deck, deal, deckOf } from './deal.ts';
import { everyRule } from './every-rule.ts';

/** Milliseconds that one packet may take, of a clock and of the processor: on a busy machine others may have all of it meanwhile. */
const PATIENCE = 2000;
/** Packets after which the processor's time is read again. */
const PACKETS_A_READING = 1000;
const START = 1_700_000_000_000_000;
/** Packets that one packet may set free: held fragments, racing answers, several RSTs. */
const MOST_EMITTED = 1000;
const LONGEST = 65_575;
const MARGIN = 64;
const DISPOSITIONS: ReadonlySet<string> = new Set(['pass', 'drop', 'taken']);
/** Cases that share a deck: building it takes as long as judging a few thousand packets. */
const CASES_A_DECK = 8;
/** Clients of a case; none for the few of the deck. The last are more than any table holds. */
const CROWDS = [0, 0, 0, 100, 200_000] as const;

export interface Failure {
  readonly seed: number;
  readonly message: string;
  /** In hexadecimal, the fewest that still fail. */
  readonly packets: readonly string[];
}

/** What a censor is given: `take` has a packet until it returns. */
type Take = (memory: Uint8Array, start: number, end: number) => void;

export function censorOf(seed: number): Censor {
  const random = seededRandom(seed, 'censor');
  const position = pick(random, ['in-path', 'in-path', 'on-path'] as const);
  const interceptor = new Interceptor(() => undefined);
  return createCensor('fuzz', { ...everyRule(random), position, interceptor }, seed);
}

let known: { readonly number: number; readonly deck: Deck } | null = null;

/** Gives `count` packets of a case to `take`. */
export function dealCase(seed: number, count: number, take: Take): void {
  const number = Math.floor(seed / CASES_A_DECK);
  if (known?.number !== number) known = { number, deck: deckOf(number) };
  const random = seededRandom(seed, 'packets');
  deal(random, known.deck, { count, crowd: pick(random, CROWDS) }, take);
}

/** Null when every packet of the case was judged. */
export function tryCase(seed: number, count: number): Failure | null {
  const message = judgeAll(seed, (take) => {
    dealCase(seed, count, take);
  });
  if (message === null) return null;
  const packets: Uint8Array[] = [];
  dealCase(seed, count, (memory, start, end) => packets.push(memory.slice(start, end)));
  const fails = (fewer: readonly Uint8Array[]): boolean =>
    judgeAll(seed, (take) => {
      for (const packet of fewer) give(packet, take);
    }) !== null;
  const fewest = shrink(packets, fails);
  return { seed, message, packets: fewest.map((packet) => Buffer.from(packet).toString('hex')) };
}

/** In the middle of other memory, as in a ring. */
function give(packet: Uint8Array, take: Take): void {
  const memory = new Uint8Array(packet.length + 2 * MARGIN).fill(0xee);
  memory.set(packet, MARGIN);
  take(memory, MARGIN, MARGIN + packet.length);
}

/** What went wrong, or null. */
function judgeAll(seed: number, source: (take: Take) => void): string | null {
  const judge = judgeOf(censorOf(seed), new Clock(seed));
  try {
    source(judge);
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Mostly a little later, sometimes by as much as ends a block or a flow. */
export class Clock {
  #now = START;
  readonly #random;

  constructor(seed: number) {
    this.#random = seededRandom(seed, 'clock');
  }

  tick(): number {
    this.#now += this.#random.below(50) === 0 ? 500_000 : this.#random.below(2000);
    return this.#now;
  }
}

/** Throws when the censor does, when a packet takes too long, and when what is sent is no packet. */
export function judgeOf(censor: Censor, clock: Pick<Clock, 'tick'>): Take {
  let emitted = 0;
  let sinceReading = 0;
  let reading = process.cpuUsage();
  const effects = {
    emit: (bytes: Uint8Array, at: number): void => {
      emitted += 1;
      if (emitted > MOST_EMITTED) throw new Error(`More than ${MOST_EMITTED} packets were emitted`);
      if (bytes.length < 20 || bytes.length > LONGEST)
        throw new Error(`A packet of ${bytes.length} bytes was emitted`);
      if (!Number.isFinite(at)) throw new Error(`A packet was emitted at ${at}`);
    },
    report: ({ detail }: { readonly detail: string }): void => {
      if (detail.length > 10_000) throw new Error(`A detail has ${detail.length} characters`);
    },
  };
  return (memory, start, end) => {
    emitted = 0;
    sinceReading += 1;
    if (sinceReading === PACKETS_A_READING) {
      sinceReading = 0;
      reading = process.cpuUsage();
    }
    const began = performance.now();
    const disposition = censor.judge(memory, start, end, clock.tick(), effects);
    const took = performance.now() - began;
    if (took > PATIENCE && processorTime(reading) > PATIENCE)
      throw new Error(`It took ${took.toFixed(0)} ms`);
    if (!DISPOSITIONS.has(disposition)) throw new Error(`It said ${disposition}`);
  };
}

/** Milliseconds since a reading: a little more than the last packet's, never less. */
function processorTime(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Leaves out as much as it can, in ever smaller pieces, while `fails` holds. */
function shrink(
  packets: readonly Uint8Array[],
  fails: (packets: readonly Uint8Array[]) => boolean,
): readonly Uint8Array[] {
  let left = packets;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < left.length;) {
      const fewer = [...left.slice(0, at), ...left.slice(at + size)];
      if (fewer.length < left.length && fails(fewer)) left = fewer;
      else at += size;
    }
  }
  return left;
}
