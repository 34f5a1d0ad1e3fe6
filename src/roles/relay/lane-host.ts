import type { RelayAudit } from '../../model/relay.ts';
import type { Side } from '../../wire/protocol/contract.ts';
import type { Witness } from './findings/witness.ts';
import type { Holds } from './hold.ts';
import type { EarlierMessages } from './process/message-source.ts';
import type { RelayWork } from './relay-port.ts';
import type { Judge } from './rules/judge.ts';
import type { Seat, SeatEnding } from './seat.ts';
import type { Timers } from './timers.ts';

/** What the two directions of a session have in common, and have done by it. */
export interface LaneHost {
  readonly number: number;
  readonly timers: Timers;
  readonly holds: Holds;
  readonly judge: Judge;
  readonly earlier: EarlierMessages;
  /** What rules have called it. */
  state: string;
  readonly isOver: boolean;
  /** Null: nothing is mutated. */
  readonly witness: Witness | null;
  audit(record: RelayAudit): void;
  note(text: string): void;
  /** Has another thread process what stands on the seat. */
  sendAway(seat: Seat, work: RelayWork, now: number): void;
  /** Sends a message to this side, between those that are on their way to it. */
  inject(to: Side, bytes: Uint8Array, now: number): void;
  /** The turn of a seat has come with which something ends. `side`: who sent it. */
  conclude(ending: SeatEnding, side: Side, now: number): void;
}
