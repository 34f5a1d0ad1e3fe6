// One case of the fuzzer: a seed is a censor and a list of damaged packets. What fails is made as short as it can be.
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { Censor } from '../../src/roles/censor/censor.ts';
import { createCensor } from '../../src/roles/censor/create-censor.ts';
import { Interceptor } from '../../src/roles/intercept/interceptor.ts';
import { conversation, pick } from './corpus.ts';
import { everyRule } from './every-rule.ts';
import { mutate, shuffle } from './mutate.ts';

export const PACKETS_A_CASE = 200;
/** Milliseconds that one packet may take on a busy machine. */
const PATIENCE = 2000;
const START = 1_700_000_000_000_000;
/** Packets that one packet may set free: held fragments, racing answers, several RSTs. */
const MOST_EMITTED = 1000;
const LONGEST = 65_575;

export interface Failure {
  readonly seed: number;
  readonly message: string;
  /** In hexadecimal, the fewest that still fail. */
  readonly packets: readonly string[];
}

export function censorOf(seed: number): Censor {
  const random = seededRandom(seed, 'censor');
  const position = pick(random, ['in-path', 'in-path', 'on-path'] as const);
  const interceptor = new Interceptor(() => undefined);
  return createCensor('fuzz', { ...everyRule(random), position, interceptor }, seed);
}

export function* packetsOf(random: Random, count: number): Generator<Uint8Array> {
  for (let made = 0; made < count;) {
    const together = [
      conversation(random),
      ...(random.below(2) === 0 ? [conversation(random)] : []),
    ];
    for (const packet of shuffle(random, together.flat())) {
      yield mutate(random, packet);
      made += 1;
    }
  }
}

/** Null when every packet of the case was judged. */
export function tryCase(seed: number): Failure | null {
  const packets = [...packetsOf(seededRandom(seed, 'packets'), PACKETS_A_CASE)];
  const message = judgeAll(seed, packets);
  if (message === null) return null;
  return {
    seed,
    message,
    packets: shrink(packets, (fewer) => judgeAll(seed, fewer) !== null).map((packet) =>
      Buffer.from(packet).toString('hex'),
    ),
  };
}

/** What went wrong, or null. */
function judgeAll(seed: number, packets: readonly Uint8Array[]): string | null {
  try {
    const censor = censorOf(seed);
    const clock = new Clock(seed);
    for (const packet of packets) judgeOne(censor, packet, clock.tick());
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Mostly a little later, sometimes by as much as ends a block or a flow. */
export class Clock {
  #now = START;
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed, 'clock');
  }

  tick(): number {
    this.#now += this.#random.below(50) === 0 ? 500_000 : this.#random.below(2000);
    return this.#now;
  }
}

/** Throws when the censor does, when it takes too long, and when what it sends is no packet. */
export function judgeOne(censor: Censor, packet: Uint8Array, now: number): void {
  // In the middle of other memory, as in a ring.
  const memory = new Uint8Array(packet.length + 64).fill(0xee);
  memory.set(packet, 32);
  let emitted = 0;
  const began = performance.now();
  const disposition = censor.judge(memory, 32, 32 + packet.length, now, {
    emit: (bytes, at) => {
      emitted += 1;
      if (emitted > MOST_EMITTED) throw new Error(`More than ${MOST_EMITTED} packets were emitted`);
      if (bytes.length < 20 || bytes.length > LONGEST)
        throw new Error(`A packet of ${bytes.length} bytes was emitted`);
      if (!Number.isFinite(at)) throw new Error(`A packet was emitted at ${at}`);
    },
    report: ({ detail }) => {
      if (detail.length > 10_000) throw new Error(`A detail has ${detail.length} characters`);
    },
  });
  const took = performance.now() - began;
  if (took > PATIENCE) throw new Error(`It took ${took.toFixed(0)} ms`);
  if (!['pass', 'drop', 'taken'].includes(disposition)) throw new Error(`It said ${disposition}`);
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
