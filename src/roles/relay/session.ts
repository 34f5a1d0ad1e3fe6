// One client with its connection to the target: two lanes that know nothing of each other, and the beginning and end of both.
//
// Dialling: what the client sends waits. Open: both lanes run. An end is passed on when all before it has left; when both have been, the
// session is finished. A reset, of either side or by a rule or fault, ends both at once.
import type { RelayAudit } from '../../model/relay.ts';
import type { Side } from '../../wire/protocol/contract.ts';
import { Away } from './away.ts';
import { EarlyBytes } from './early-bytes.ts';
import type { ByteSink } from './faults/pipe.ts';
import { openWitness } from './findings/open-witness.ts';
import type { Witness } from './findings/witness.ts';
import { Holds } from './hold.ts';
import { otherSide } from './hook.ts';
import { IdleClock, idleLimit } from './idle-clock.ts';
import type { LaneHost } from './lane-host.ts';
import { Lane } from './lane.ts';
import { Legs, SIDES } from './legs.ts';
import { EarlierMessages } from './process/message-source.ts';
import type { ProcessedMessage, RelayPort, RelayWork, Session, SessionEnd } from './relay-port.ts';
import { Judge } from './rules/judge.ts';
import type { Seat, SeatEnding } from './seat.ts';
import type { Shared } from './shared.ts';
import { Timers } from './timers.ts';

export type SessionPhase = 'dialling' | 'open' | 'half-closed' | 'draining' | 'closed';

export class RelaySession implements Session, LaneHost {
  readonly number: number;
  readonly timers: Timers = new Timers();
  readonly holds: Holds = new Holds();
  readonly judge: Judge;
  readonly earlier: EarlierMessages = new EarlierMessages();
  readonly witness: Witness | null;
  state = 'start';
  readonly #port: RelayPort;
  readonly #legs: Legs;
  readonly #shared: Shared;
  readonly #onOver: () => void;
  readonly #lanes: Readonly<Record<Side, Lane>>;
  readonly #away: Away;
  /** Null: the target has accepted. */
  #early: EarlyBytes | null = new EarlyBytes();
  readonly #idle: IdleClock;

  constructor(number: number, shared: Shared, port: RelayPort, onOver: () => void, now: number) {
    const { spec, protocol, seed } = shared;
    this.number = number;
    this.judge = new Judge(seed);
    this.#port = port;
    this.#legs = new Legs(port);
    this.#shared = shared;
    this.#onOver = onOver;
    this.witness = openWitness(number, shared, port);
    const client = protocol.framer('client');
    const framers = { client, server: protocol.framer('server', client) };
    const lane = (side: Side): Lane =>
      new Lane(side, shared, this, framers[side], this.#sinkTo(otherSide(side)), now);
    const lanes = { client: lane('client'), server: lane('server') };
    this.#lanes = lanes;
    this.#away = new Away(shared, port, (seat, side, at) => lanes[side].retry(seat, at));
    this.#idle = new IdleClock(idleLimit(spec), now);
  }

  get isOver(): boolean {
    return this.#legs.isOver;
  }

  get phase(): SessionPhase {
    if (this.isOver) return 'closed';
    if (this.#early !== null) return 'dialling';
    const { client, server } = this.#lanes;
    if (client.hasEnded && server.hasEnded) return 'draining';
    return client.hasEnded || server.hasEnded ? 'half-closed' : 'open';
  }

  get nextDue(): number {
    if (this.isOver) return Infinity;
    const { client, server } = this.#lanes;
    return Math.min(
      this.timers.nextDue,
      client.nextDue,
      server.nextDue,
      this.#away.nextDue,
      this.#idle.due,
      this.witness?.nextDue ?? Infinity,
    );
  }

  dialled(now: number): void {
    const early = this.#early;
    if (this.isOver || early === null) return;
    this.#idle.hear(now);
    this.#early = null;
    for (const bytes of early.parts) this.#receive('client', bytes, now);
    if (early.hasEnded) this.ended('client', now);
    else this.#settle(now);
  }

  dialFailed(_reason: string, now: number): void {
    this.#finish('dial-failed', 'reset', now);
  }

  received(from: Side, bytes: Uint8Array, now: number): void {
    if (this.isOver) return;
    this.#idle.hear(now);
    // Nobody can be stopped from sending datagrams: those that there is no room for are lost.
    if (this.#shared.spec.listen.kind === 'udp' && this.#isFull(from)) return;
    if (this.#early === null) this.#receive(from, bytes, now);
    else this.#early.keep(bytes);
    this.#settle(now);
  }

  ended(from: Side, now: number): void {
    if (this.isOver) return;
    this.witness?.ended(from, 'end', now);
    if (this.#early === null) this.#lanes[from].end(now);
    else this.#early.hasEnded = true;
    this.#settle(now);
  }

  failed(from: Side, _reason: string, now: number): void {
    if (!this.isOver) this.witness?.ended(from, 'reset', now);
    this.#finish(from === 'client' ? 'reset-by-client' : 'reset-by-server', 'reset', now);
  }

  drained(leg: Side, waiting: number, now: number): void {
    if (this.isOver) return;
    this.#lanes[otherSide(leg)].drained(waiting);
    this.#settle(now);
  }

  processed(ticket: number, outcome: ProcessedMessage, now: number): void {
    if (this.isOver) return;
    this.#away.processed(ticket, outcome, now);
    this.#settle(now);
  }

  expire(now: number): void {
    if (this.isOver) return;
    this.#away.expire(now);
    this.timers.run(now);
    this.witness?.expire(now);
    for (const side of SIDES) this.#lanes[side].expire(now);
    if (this.#idle.hasRunOut(now)) this.#finish('idle', 'end', now);
    this.#settle(now);
  }

  stop(now: number): void {
    this.#finish('stopped', 'reset', now);
  }

  /** The faults of the relay are others. */
  changeFaults(now: number): void {
    if (this.isOver) return;
    for (const side of SIDES) this.#lanes[side].changeFaults(now);
    this.#settle(now);
  }

  // What lanes ask for.

  audit(record: RelayAudit): void {
    this.#port.audit(record);
  }

  note(text: string): void {
    this.#port.note(text);
  }

  sendAway(seat: Seat, work: RelayWork, now: number): void {
    this.#away.send(seat, work, now);
  }

  inject(to: Side, bytes: Uint8Array, now: number): void {
    this.#lanes[otherSide(to)].inject(bytes, now);
  }

  conclude(ending: SeatEnding, side: Side, now: number): void {
    switch (ending) {
      case 'reset':
        this.#finish('reset-by-rule', 'reset', now);
        return;
      case 'close':
        this.#lanes[side].close('closed-by-rule', now);
        return;
      case 'framing-fault':
        this.#lanes[side].close('framing-fault', now);
        return;
      case 'blackhole':
        this.#lanes[side].blacken(now);
        return;
      case 'blackhole-both':
        for (const each of SIDES) this.#lanes[each].blacken(now);
    }
  }

  #receive(from: Side, bytes: Uint8Array, now: number): void {
    if (!this.isOver) this.#lanes[from].receive(bytes, now);
  }

  #sinkTo(leg: Side): ByteSink {
    return {
      push: (bytes) => this.#legs.write(leg, bytes),
      end: (how, now) => {
        if (how === 'fin') this.#legs.end(leg);
        else this.#finish(how, how === 'reset-by-fault' ? 'reset' : 'end', now);
      },
    };
  }

  /** At the end of each call: memory that came with it is no longer read after it. */
  #settle(now: number): void {
    for (const side of SIDES) if (!this.isOver) this.#lanes[side].settle(now);
    if (this.isOver) return;
    if (SIDES.every((side) => this.#isDone(side))) {
      this.#finish('finished', 'end', now);
      return;
    }
    for (const side of SIDES) this.#legs.listen(side, !this.#isFull(side));
  }

  #isDone(side: Side): boolean {
    return this.#legs.isTold(otherSide(side)) || this.#lanes[side].isSwallowed;
  }

  #isFull(side: Side): boolean {
    if (side === 'client' && this.#early !== null)
      return this.#early.length >= this.#shared.spec.limits.bytes;
    return this.#lanes[side].isFull;
  }

  #finish(reason: SessionEnd, how: 'end' | 'reset', now: number): void {
    // What was sent before is written first; it may end the session itself.
    for (const side of SIDES) this.#lanes[side].outlet.flush(now);
    if (this.isOver) return;
    this.#legs.finish(reason, how);
    this.#onOver();
  }
}
