// Messages of a session that other threads process: they come back changed, or go on as they came when that takes too long.
import type { Side } from '../../wire/protocol/contract.ts';
import { type Errand, Errands } from './errands.ts';
import type { ProcessedMessage, RelayPort, RelayWork } from './relay-port.ts';
import type { Seat } from './seat.ts';
import type { Shared } from './shared.ts';

const MICROS = 1000;

export class Away {
  readonly #shared: Shared;
  readonly #port: RelayPort;
  readonly #onBack: (seat: Seat, side: Side, now: number) => void;
  readonly #errands = new Errands();

  /** `onBack` hears of each message that is back. */
  constructor(
    shared: Shared,
    port: RelayPort,
    onBack: (seat: Seat, side: Side, now: number) => void,
  ) {
    this.#shared = shared;
    this.#port = port;
    this.#onBack = onBack;
  }

  get nextDue(): number {
    return this.#errands.nextDue;
  }

  send(seat: Seat, work: RelayWork, now: number): void {
    const deadline = now + this.#shared.spec.limits.processTimeout * MICROS;
    seat.isAway = true;
    this.#port.process(this.#errands.add({ seat, side: work.side, deadline }), work);
  }

  /** Nothing where it has been given up. */
  processed(ticket: number, outcome: ProcessedMessage, now: number): void {
    const errand = this.#errands.take(ticket);
    if (errand === undefined) return;
    for (const audit of outcome.audits) this.#port.audit({ ...audit, time: now });
    errand.seat.become(outcome);
    this.#bringBack(errand, now);
  }

  expire(now: number): void {
    const { spec, tally } = this.#shared;
    for (const errand of this.#errands.takeOverdue(now)) {
      tally.overdue += 1;
      errand.seat.mutation = null;
      const { message, type } = errand.seat;
      this.#port.note(
        `Message ${message} of the ${errand.side} (${type}) was not processed within ` +
          `${spec.limits.processTimeout} ms: it goes on as it came`,
      );
      this.#bringBack(errand, now);
    }
  }

  #bringBack({ seat, side }: Errand, now: number): void {
    seat.isAway = false;
    this.#onBack(seat, side, now);
  }
}
