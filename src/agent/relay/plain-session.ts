// A session that changes nothing: bytes go on as they come, out of the buffer that they were read into.
import { otherSide } from '../../roles/relay/hook.ts';
import { IdleClock } from '../../roles/relay/idle-clock.ts';
import type { RelayPort, Session, SessionEnd } from '../../roles/relay/relay-port.ts';
import type { Side } from '../../wire/protocol/contract.ts';

export interface PlainOptions {
  /** Microseconds without a byte after which it ends; Infinity: never. */
  readonly idleLimit: number;
  /** Hears of each piece of bytes that came from that side. */
  readonly onPiece: (from: Side) => void;
}

export class PlainSession implements Session {
  readonly number: number;
  readonly #port: RelayPort;
  readonly #options: PlainOptions;
  readonly #idle: IdleClock;
  #hasEnded = { client: false, server: false };
  #isOver = false;

  constructor(number: number, port: RelayPort, options: PlainOptions, now: number) {
    this.number = number;
    this.#port = port;
    this.#options = options;
    this.#idle = new IdleClock(options.idleLimit, now);
    port.listen('client', false);
  }

  get nextDue(): number {
    return this.#isOver ? Infinity : this.#idle.due;
  }

  dialled(now: number): void {
    this.#idle.hear(now);
    this.#port.listen('client', true);
  }

  dialFailed(): void {
    this.#port.reset('client');
    this.#close('dial-failed');
  }

  received(from: Side, bytes: Uint8Array, now: number): void {
    this.#idle.hear(now);
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
    if (!this.#idle.hasRunOut(now)) return;
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
    this.#port.closed(reason);
  }
}
