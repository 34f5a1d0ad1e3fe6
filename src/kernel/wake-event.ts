// What ends another thread's wait: an eventfd(2) that belongs to the thread that sets it, so that it is open as long as anybody may.
import { closeSync } from 'node:fs';
import { loadNative } from './native.ts';

interface EventCalls {
  eventOpen(): number;
  eventSet(fd: number): void;
}

const native = loadNative() as EventCalls;

/** For a thread that has another's event by its descriptor, and ends before the event is closed. */
export const setEvent = (fd: number): void => native.eventSet(fd);

export class WakeEvent {
  /** For the waiter of the other thread. Not to be closed there. */
  readonly fd: number = native.eventOpen();
  #isClosed = false;

  /** Ends the wait under way, or else the next one. Nothing once it is closed: nobody waits any more. */
  set(): void {
    if (!this.#isClosed) native.eventSet(this.fd);
  }

  /** When the other thread has ended. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.fd);
  }
}
