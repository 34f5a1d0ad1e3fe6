// Waiting for packets, for the next one that is due, or for another thread, whichever comes first; exact to microseconds.
import { closeSync } from 'node:fs';
import { loadNative } from './native.ts';

interface WaiterCalls {
  waiterOpen(event: number): [epoll: number, timer: number];
  waiterWatch(epoll: number, fd: number, token: number, events: number): void;
  waiterWait(
    epoll: number,
    timer: number,
    event: number,
    due: number,
    ready: Uint32Array,
    clock: Float64Array,
    spin: number,
    events: Uint32Array,
  ): number;
  clockMicros(): number;
}

const native = loadNative() as WaiterCalls;

/** Microseconds since the epoch, the clock of packet timestamps. */
export const clockMicros = (): number => native.clockMicros();

const NO_EVENT = -1;

/** What holds for a descriptor, as bits: epoll_ctl(2). */
export const EPOLL = { in: 1, out: 4, error: 8, hangUp: 0x10, readHangUp: 0x2000 } as const;

/** EPOLLET: each change is told once. */
const EDGE = 0x8000_0000;

/** One thread's wait over many descriptors. */
export class Waiter {
  /** Tokens of the descriptors that the last wait found readable; only the first `wait()` ones count. */
  readonly ready: Uint32Array = new Uint32Array(256);
  /** Of each of them the bits of `EPOLL` that hold. */
  readonly events: Uint32Array = new Uint32Array(256);
  readonly #epoll: number;
  readonly #timer: number;
  readonly #event: number;
  /** When the last wait ended, and when the timer ends one. */
  readonly #clock: Float64Array = new Float64Array(2);

  /** `event` is the descriptor of a `WakeEvent` by which another thread ends the wait; without one nobody does. */
  constructor(event: number = NO_EVENT) {
    this.#event = event;
    [this.#epoll, this.#timer] = native.waiterOpen(event);
    this.#clock[0] = native.clockMicros();
  }

  /** When the last wait ended, microseconds since the epoch. */
  get now(): number {
    return this.#clock[0] ?? 0;
  }

  watch(fd: number, token: number): void {
    native.waiterWatch(this.#epoll, fd, token, EPOLL.in);
  }

  /** Told once when it becomes readable or writable, when the peer ends, and when it breaks. Its closing ends the watch. */
  watchChanges(fd: number, token: number): void {
    native.waiterWatch(this.#epoll, fd, token, EPOLL.in | EPOLL.out | EPOLL.readHangUp | EDGE);
  }

  /**
   * Blocks the thread until a descriptor is readable, it is woken, or `due` (microseconds since the epoch) has come, and for
   * a quarter of a second at most: a thread that waited longer could not be ended by the process's own exit. The last
   * `spin` microseconds before `due` it stays awake, and so ends on time where waking up takes the scheduler tens of them.
   */
  wait(due: number, spin = 0): number {
    const { ready, events } = this;
    const clock = this.#clock;
    return native.waiterWait(
      this.#epoll,
      this.#timer,
      this.#event,
      due,
      ready,
      clock,
      spin,
      events,
    );
  }

  close(): void {
    for (const fd of [this.#epoll, this.#timer]) closeSync(fd);
  }
}
