// The faults that hold for one direction of one session, one behind the other in the order in which they are written.
import { holdsFor } from '../../../model/relay-chance.ts';
import type { RelayFault } from '../../../model/relay.ts';
import { LazyRandom } from '../process/lazy-random.ts';
import { faultBehaviour } from './fault-behaviour.ts';
import { type ByteSink, Pipe, type StreamEnd } from './pipe.ts';

interface Link {
  /** The fault as it is told: two that say the same are one. */
  readonly settings: string;
  readonly pipe: Pipe;
}

export interface ChainPlace {
  readonly direction: RelayFault['direction'];
  readonly session: number;
  readonly seed: number;
}

export class FaultChain implements ByteSink {
  readonly #place: ChainPlace;
  readonly #sink: ByteSink;
  #links: readonly Link[] = [];
  #first: ByteSink;

  constructor(place: ChainPlace, sink: ByteSink) {
    this.#place = place;
    this.#sink = sink;
    this.#first = sink;
  }

  /** Bytes that are held back. */
  get waiting(): number {
    let waiting = 0;
    for (const { pipe } of this.#links) waiting += pipe.waiting;
    return waiting;
  }

  get nextDue(): number {
    let due = Infinity;
    for (const { pipe } of this.#links) due = Math.min(due, pipe.nextDue);
    return due;
  }

  push(bytes: Uint8Array, now: number): void {
    this.#first.push(bytes, now);
  }

  end(how: StreamEnd, now: number): void {
    this.#first.end(how, now);
  }

  expire(now: number): void {
    // From the last on: what one lets go may be held back by the next.
    for (const { pipe } of this.#links.toReversed()) pipe.expire(now);
  }

  /** From now on these hold. What stays as it was goes on with what it holds back; of others that leaves at once. */
  set(faults: readonly RelayFault[], now: number): void {
    const wanted = faults.filter((fault) => this.#isHere(fault));
    const settings = wanted.map((fault) => JSON.stringify(fault));
    const kept = this.#links.filter((link) => settings.includes(link.settings));
    this.#connect(kept, this.#links, now);
    const links = wanted.map(
      (fault, index) => kept.find((link) => link.settings === settings[index]) ?? this.#link(fault),
    );
    this.#links = links;
    this.#first = join(links, this.#sink);
    for (const link of links) if (!kept.includes(link)) link.pipe.begin(now);
  }

  /** Those that are not kept hand what they hold back to the next that is, beginning with the last. */
  #connect(kept: readonly Link[], links: readonly Link[], now: number): void {
    let next = this.#sink;
    for (const link of links.toReversed()) {
      link.pipe.next = next;
      if (kept.includes(link)) next = link.pipe;
      else link.pipe.leave(now);
    }
  }

  #isHere(fault: RelayFault): boolean {
    const { seed, session, direction } = this.#place;
    return fault.enabled && fault.direction === direction && holdsFor(fault, session, seed);
  }

  #link(fault: RelayFault): Link {
    const { session, seed, direction } = this.#place;
    const random = new LazyRandom(seed, `bytes ${fault.name} ${direction} ${session}`);
    const pipe = new Pipe(faultBehaviour(fault, random), this.#sink);
    return { settings: JSON.stringify(fault), pipe };
  }
}

/** Each goes on to the next; gives the first. */
function join(links: readonly Link[], sink: ByteSink): ByteSink {
  let next = sink;
  for (const { pipe } of links.toReversed()) {
    pipe.next = next;
    next = pipe;
  }
  return next;
}
