// A session that changes nothing: bytes go on as they come, out of the buffer that they were read into.
import type { RelayPort, Session, SessionEnd } from '../../roles/relay/relay-port.ts';
import type { Side } from '../../wire/protocol/contract.ts';
import { otherSide } from './other-side.ts';

export interface PlainOptions {
  /** Microseconds without a byte after which it ends; Infinity: never. */
  readonly idleTimeout: number;
  /** Hears of each piece of bytes that came from that side. */
  readonly onPiece: (from: Side) => void;
}

export class PlainSession implements Session {
  readonly number: number;
  nextDue: number;
  readonly #port: RelayPort;
  readonly #options: PlainOptions;
  #heard: number;
  #hasEnded = { client: false, server: false };
  #isOver = false;

  constructor(number: number, port: RelayPort, options: PlainOptions, now: number) {
    this.number = number;
    this.#port = port;
    this.#options = options;
    this.#heard = now;
    this.nextDue = now + options.idleTimeout;
    port.listen('client', false);
  }

  dialled(now: number): void {
    this.#heard = now;
    this.#port.listen('client', true);
  }

  dialFailed(): void {
    this.#port.reset('client');
    this.#close('dial-failed');
  }

  received(from: Side, bytes: Uint8Array, now: number): void {
    this.#heard = now;
    this.#options.onPiece(from);
    this.#port.write(otherSide(from), bytes);
  }

  ended(from: Side): void {
    this.#hasEnded[from] = true;
    this.#port.end(otherSide(from));
    if (this.#hasEnded[otherSide(from)]) this.#close('finished');
  }

  failed(from: Side): void {
    this.#port.reset('client');
    this.#port.reset('server');
    this.#close(from === 'client' ? 'reset-by-client' : 'reset-by-server');
  }

  /** Nothing more is read while something waits. */
  drained(leg: Side, waiting: number): void {
    this.#port.listen(otherSide(leg), waiting === 0);
  }

  processed(): void {
    // Nothing is given away to be processed.
  }

  expire(now: number): void {
    if (this.#heard + this.#options.idleTimeout > now) {
      this.nextDue = this.#heard + this.#options.idleTimeout;
      return;
    }
    this.#port.end('client');
    this.#port.end('server');
    this.#close('idle');
  }

  stop(): void {
    this.#port.reset('client');
    this.#port.reset('server');
    this.#close('stopped');
  }

  #close(reason: SessionEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.nextDue = Infinity;
    this.#port.closed(reason);
  }
}
