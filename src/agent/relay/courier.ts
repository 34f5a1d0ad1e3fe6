// Carries one session: gives it what its two legs bring, does what it asks for, and stops reading a leg while too much waits on
// the other.
import { invariant } from '../../base/invariant.ts';
import type { RelayAudit, RelayFinding } from '../../model/relay.ts';
import type {
  ProcessedMessage,
  RelayPort,
  RelayWork,
  Session,
  SessionEnd,
} from '../../roles/relay/relay-port.ts';
import type { Side } from '../../wire/protocol/contract.ts';
import { LegEar } from './leg-ear.ts';
import { LEG, type Leg } from './leg.ts';
import type { Eager, Timed } from './reactor.ts';

/** What couriers share, and have done by the loop. */
export interface CourierHost {
  readonly buffer: Uint8Array;
  /** Bytes that may wait on one leg before the other is no longer read. */
  readonly mostWaiting: number;
  readonly traffic: TrafficCount;
  /** It has something to be read still. */
  again(courier: Courier, leg: Leg): void;
  /** It has something to do at this time. */
  schedule(courier: Courier, due: number): void;
  process(courier: Courier, ticket: number, work: RelayWork): void;
  audit(record: RelayAudit): void;
  finding(finding: RelayFinding): void;
  note(courier: Courier, text: string): void;
  /** It is over; its legs are to be closed once what waits has left. */
  closed(courier: Courier, reason: SessionEnd): void;
}

/** Bytes by the side that they came from or went to. */
export type TrafficCount = Record<Side, { bytesIn: number; bytesOut: number }>;

export class Courier implements RelayPort, Timed {
  readonly number: number;
  readonly legs: Readonly<Record<Side, Leg>>;
  /** When its earliest entry among the due ones is. */
  scheduled: number;
  readonly #host: CourierHost;
  readonly #ears: Readonly<Record<Side, LegEar>>;
  readonly #turns: Readonly<Record<Side, Eager>>;
  #session: Session | null = null;
  #end: SessionEnd | null = null;

  constructor(number: number, legs: Readonly<Record<Side, Leg>>, host: CourierHost) {
    this.number = number;
    this.legs = legs;
    this.#host = host;
    this.scheduled = Infinity;
    const { client, server } = legs;
    this.#ears = {
      client: new LegEar(client, server, host.mostWaiting),
      server: new LegEar(server, client, host.mostWaiting),
    };
    this.#turns = {
      client: { serve: (now) => this.serve(client, now) },
      server: { serve: (now) => this.serve(server, now) },
    };
  }

  /** What has `leg` read when its turn comes: always the same. */
  turnOf(leg: Leg): Eager {
    return this.#turns[leg.side];
  }

  carry(session: Session, now: number): void {
    this.#session = session;
    this.#settle(now);
  }

  /** Bytes that came from each side. */
  get came(): Readonly<Record<Side, number>> {
    const { client, server } = this.#ears;
    return { client: client.came, server: server.came };
  }

  get isOver(): boolean {
    return this.#end !== null;
  }

  get nextDue(): number {
    return this.#end === null ? (this.#session?.nextDue ?? Infinity) : Infinity;
  }

  // What the loop tells.

  dialled(now: number): void {
    if (this.isOver) return;
    this.#running.dialled(now);
    this.#settle(now);
  }

  dialFailed(reason: string, now: number): void {
    if (this.isOver) return;
    this.#running.dialFailed(reason, now);
    this.#settle(now);
  }

  /** epoll has told something of a leg. */
  heard(leg: Leg, events: number, now: number): void {
    leg.note(events);
    if (leg.waiting > 0) {
      leg.flush();
      this.#settle(now);
    }
    this.serve(leg, now);
  }

  /** One read of a leg, where it is wanted; the others have their turn before the next. */
  serve(leg: Leg, now: number): void {
    if (this.isOver) return;
    const ear = this.#ears[leg.side];
    if (!ear.isRead) {
      ear.tellFailure(this.#running, now);
      this.#settle(now);
    } else if (leg.isReadable) this.#read(ear, now);
  }

  /** Of a leg that is not read through here. */
  received(side: Side, bytes: Uint8Array, now: number): void {
    if (this.isOver) return;
    this.#ears[side].came += bytes.length;
    this.#host.traffic[side].bytesIn += bytes.length;
    this.#running.received(side, bytes, now);
    this.#settle(now);
  }

  processed(ticket: number, outcome: ProcessedMessage, now: number): void {
    if (this.isOver) return;
    this.#running.processed(ticket, outcome, now);
    this.#settle(now);
  }

  expire(now: number): void {
    this.scheduled = Infinity;
    if (this.isOver) return;
    if (this.nextDue <= now) this.#running.expire(now);
    this.#settle(now);
  }

  stop(now: number): void {
    if (this.isOver) return;
    this.#running.stop(now);
    this.#settle(now);
  }

  // What the session asks for.

  write(side: Side, bytes: Uint8Array): void {
    this.#host.traffic[side].bytesOut += bytes.length;
    this.legs[side].write(bytes);
  }

  end(side: Side): void {
    this.legs[side].end();
  }

  reset(side: Side): void {
    this.legs[side].reset();
  }

  listen(side: Side, isWanted: boolean): void {
    this.#ears[side].isWanted = isWanted;
  }

  process(ticket: number, work: RelayWork): void {
    this.#host.process(this, ticket, work);
  }

  audit(record: RelayAudit): void {
    this.#host.audit(record);
  }

  finding(finding: RelayFinding): void {
    this.#host.finding(finding);
  }

  note(text: string): void {
    this.#host.note(this, text);
  }

  closed(reason: SessionEnd): void {
    this.#end ??= reason;
  }

  get #running(): Session {
    invariant(this.#session, 'A courier carries a session');
    return this.#session;
  }

  #read(ear: LegEar, now: number): void {
    const { buffer } = this.#host;
    const { leg } = ear;
    const came = ear.read(buffer);
    if (came >= 0)
      this.received(leg.side, came === buffer.length ? buffer : buffer.subarray(0, came), now);
    else if (came === LEG.end) {
      ear.tellEnd(this.#running, now);
      this.#settle(now);
    } else if (leg.isReadable) this.#host.again(this, leg);
  }

  /** After each call into the session: it hears what came of what it has written. */
  #settle(now: number): void {
    const { client, server } = this.#ears;
    for (const ear of [client, server]) {
      while (!this.isOver && ear.tellWaiting(this.#running, now));
      if (!this.isOver && !ear.isRead) ear.tellFailure(this.#running, now);
    }
    if (this.#end !== null) {
      // The courier may stand among those that are due for as long as a session may be idle.
      this.#session = null;
      this.#host.closed(this, this.#end);
      return;
    }
    client.leg.settle();
    server.leg.settle();
    const due = this.nextDue;
    if (due < this.scheduled) this.#host.schedule(this, due);
    this.#resume(client);
    this.#resume(server);
  }

  #resume(ear: LegEar): void {
    if (ear.leg.isReadable && ear.isRead) this.#host.again(this, ear.leg);
  }
}
