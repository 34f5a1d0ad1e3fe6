// What a thread of sockets turns around: wait until something can be done or is due, do it, close what is done with.
import { closeDescriptor } from '../../kernel/process.ts';
import { Waiter } from '../../kernel/waiter.ts';
import { DueHeap } from './due-heap.ts';

/** Something that epoll tells of; bits are those of `EPOLL`. */
export interface Watched {
  ready(events: number, now: number): void;
}

export interface Timed {
  expire(now: number): void;
}

/** Whatever has more to do than a turn lets it. */
export interface Eager {
  serve(now: number): void;
}

export class Reactor {
  readonly #waiter: Waiter;
  readonly #watched: (Watched | undefined)[] = [];
  readonly #due = new DueHeap<Timed>();
  #eager = new Set<Eager>();
  #closing: number[] = [];

  /** `event` is what other threads wake this one with. */
  constructor(event: number) {
    this.#waiter = new Waiter(event);
  }

  /** When this turn began, microseconds since the epoch. */
  get now(): number {
    return this.#waiter.now;
  }

  /** Told in each turn in which it is readable. */
  watch(fd: number, watched: Watched): void {
    this.#watched[fd] = watched;
    this.#waiter.watch(fd, fd);
  }

  /** Told once of each change. */
  watchChanges(fd: number, watched: Watched): void {
    this.#watched[fd] = watched;
    this.#waiter.watchChanges(fd, fd);
  }

  /** Somebody else is told of a descriptor that is watched. */
  hand(fd: number, watched: Watched): void {
    this.#watched[fd] = watched;
  }

  /** At the turn's end: until then its number means nothing else. */
  close(fd: number): void {
    this.#watched[fd] = undefined;
    this.#closing.push(fd);
  }

  at(due: number, timed: Timed): void {
    this.#due.add(due, timed);
  }

  /** It has its turn again in the next. */
  again(eager: Eager): void {
    this.#eager.add(eager);
  }

  /** Ends by `until`, whatever else is due. */
  turn(until: number): void {
    const due = Math.min(until, this.#due.nextDue);
    const found = this.#waiter.wait(this.#eager.size > 0 ? 0 : due);
    const eager = this.#eager;
    if (eager.size > 0) this.#eager = new Set();
    const { ready, events } = this.#waiter;
    for (let index = 0; index < found; index += 1)
      this.#watched[ready[index] ?? 0]?.ready(events[index] ?? 0, this.now);
    for (const each of eager) each.serve(this.now);
    for (let timed = this.#due.take(this.now); timed; timed = this.#due.take(this.now))
      timed.expire(this.now);
    this.settle();
  }

  end(): void {
    this.settle();
    this.#waiter.close();
  }

  /** Between turns: closes at once what was to be closed in the next. */
  settle(): void {
    if (this.#closing.length === 0) return;
    for (const fd of this.#closing) closeDescriptor(fd);
    this.#closing = [];
  }
}
