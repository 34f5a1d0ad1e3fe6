import type { Side } from '../../wire/protocol/contract.ts';
import type { RelayPort, SessionEnd } from './relay-port.ts';

export const SIDES: readonly Side[] = ['client', 'server'];

/** The two connections of a session, as its port has them; each is told nothing twice. */
export class Legs {
  isOver = false;
  readonly #port: RelayPort;
  readonly #isRead = { client: true, server: true };
  readonly #isTold = { client: false, server: false };

  constructor(port: RelayPort) {
    this.#port = port;
  }

  /** Whether the end of what the other side sends was passed on to it. */
  isTold(leg: Side): boolean {
    return this.#isTold[leg];
  }

  write(leg: Side, bytes: Uint8Array): void {
    if (!this.isOver) this.#port.write(leg, bytes);
  }

  end(leg: Side): void {
    if (this.isOver || this.#isTold[leg]) return;
    this.#isTold[leg] = true;
    this.#port.end(leg);
  }

  listen(leg: Side, isRead: boolean): void {
    if (this.isOver || this.#isRead[leg] === isRead) return;
    this.#isRead[leg] = isRead;
    this.#port.listen(leg, isRead);
  }

  /** Nothing is asked of them afterwards. */
  finish(reason: SessionEnd, how: 'end' | 'reset'): void {
    for (const leg of SIDES)
      if (how === 'end') this.end(leg);
      else this.#port.reset(leg);
    this.isOver = true;
    this.#port.closed(reason);
  }
}
