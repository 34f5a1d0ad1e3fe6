// One client of a relay: the courier of its session, its sockets, and when they are closed.
import { endStream, readStream } from '../../kernel/stream-socket.ts';
import type { SessionEnd } from '../../roles/relay/relay-port.ts';
import type { Courier } from './courier.ts';
import type { Dial } from './dialler.ts';
import type { Leg } from './leg.ts';
import type { Reactor, Timed, Watched } from './reactor.ts';

export interface ConnectionFacts {
  readonly client: string;
  readonly target: string;
  /** Microseconds since the epoch. */
  readonly since: number;
}

/** Microseconds in which a session that is over may still send what waits. */
const LINGER = 30e6;
/** Reads of what a peer sent that nobody wants any more: closing a socket that has some would reset it. */
const MOST_DISCARDED = 64;

export class Connection implements Timed {
  readonly courier: Courier;
  readonly facts: ConnectionFacts;
  dial: Dial | null = null;
  #end: SessionEnd | null = null;
  #isClosed = false;
  readonly #reactor: Reactor;
  readonly #buffer: Uint8Array;
  readonly #onClosed: (reason: SessionEnd) => void;

  constructor(
    courier: Courier,
    facts: ConnectionFacts,
    { reactor, buffer }: { readonly reactor: Reactor; readonly buffer: Uint8Array },
    onClosed: (reason: SessionEnd) => void,
  ) {
    this.courier = courier;
    this.facts = facts;
    this.#reactor = reactor;
    this.#buffer = buffer;
    this.#onClosed = onClosed;
  }

  watch(leg: Leg): void {
    this.#reactor.watchChanges(leg.fd, this.watcher(leg));
  }

  watcher(leg: Leg): Watched {
    return { ready: (events, now) => this.courier.heard(leg, events, now) };
  }

  /** Its session is over: closes what has nothing left to send, and the rest when that has left. */
  close(reason: SessionEnd): void {
    if (this.#isClosed) return;
    const { client, server } = this.courier.legs;
    if (this.#end === null) {
      this.#end = reason;
      this.dial?.cancel();
      if (client.waiting + server.waiting > 0) this.#reactor.at(this.#reactor.now + LINGER, this);
    }
    if (client.waiting + server.waiting > 0) {
      for (const leg of [client, server]) leg.settle();
      return;
    }
    this.#isClosed = true;
    for (const leg of [client, server]) this.#closeLeg(leg);
    this.#onClosed(this.#end);
  }

  /** It has had time enough. */
  expire(): void {
    if (this.#isClosed) return;
    this.courier.legs.client.reset();
    this.courier.legs.server.reset();
    this.close('stopped');
  }

  #closeLeg(leg: Leg): void {
    if (leg.fd < 0) return;
    if (!leg.isDone) endStream(leg.fd);
    for (let reads = 0; reads < MOST_DISCARDED && !leg.hasEnded; reads += 1)
      if (readStream(leg.fd, this.#buffer) <= 0) break;
    this.#reactor.close(leg.fd);
  }
}
