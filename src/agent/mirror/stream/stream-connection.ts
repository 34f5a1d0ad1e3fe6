// One client of a mirror in stream mode: its connection, that to the online server, and that to the target.
import { tcpFacts } from '../../../kernel/tcp-socket.ts';
import type { CopyEnding } from '../../../model/mirror-record.ts';
import type { MirrorSpec } from '../../../model/mirror.ts';
import { Gate } from '../../../roles/mirror/copy/gate.ts';
import type { StreamSession } from '../../../roles/mirror/stream/stream-session.ts';
import { LEG } from '../../relay/leg.ts';
import type { Eager, Reactor, Timed } from '../../relay/reactor.ts';
import { StreamLeg } from '../../relay/stream-leg.ts';

export interface StreamHost {
  readonly reactor: Reactor;
  /** What is read lies here until it has been written. */
  readonly buffer: Uint8Array;
  readonly spec: Pick<MirrorSpec, 'timeouts' | 'limits' | 'order'>;
  /** Whether as much waits for the target, of all sessions, as may. */
  isFull(): boolean;
  /** By how much more or less waits. */
  noteWaiting(change: number): void;
  onClosed(): void;
}

/** Bytes of the client, with how much it had been answered. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly turn: number;
  readonly answered: number;
}

/** Bytes that may wait for the online server or the client. */
const MOST_WAITING = 2 ** 20;
/** Microseconds between two looks at what the target has acknowledged: once the client has ended, and before. */
const LOOK_SOON = 20_000;
const LOOK_EVERY = 1e6;

export class StreamConnection {
  readonly client: StreamLeg;
  readonly online: StreamLeg = new StreamLeg('server', null);
  readonly target: StreamLeg = new StreamLeg('server', null);
  readonly #host: StreamHost;
  /** Null of a session that is not copied. */
  readonly #session: StreamSession | null;
  readonly #gate: Gate;
  /** What waits for the target to answer what came before. */
  #queue: Piece[] = [];
  #queued = 0;
  /** Bytes of answers: of the online server, and of the target. */
  #answered = 0;
  #received = 0;
  readonly #turns = new Map<StreamLeg, Eager>();
  /** Bytes that the target's connection was given, and that the kernel has taken of them. */
  #given = 0;
  #taken = 0;
  #waiting = 0;
  #acknowledged = 0;
  #progressAt: number;
  /** How the copy ends once the target has all. */
  #ending: CopyEnding | null = null;
  /** Since when the target has all that there will be. */
  #completeAt: number | null = null;
  #isCopying: boolean;
  /** When what waits for an answer has its next turn; Infinity: by itself not. */
  #sayAt = Infinity;
  readonly #again: Timed = {
    expire: (now) => {
      if (now < this.#sayAt) return;
      this.#sayAt = Infinity;
      this.#say(now);
      this.#settle();
    },
  };
  /** Client or online server has reset, or is not there. */
  #isBroken = false;
  /** The sockets of both are closed. */
  #isParted = false;
  #isClosed = false;
  #lookAt = Infinity;

  constructor(fd: number, session: StreamSession | null, host: StreamHost, now: number) {
    this.client = new StreamLeg('client', fd);
    this.#session = session;
    this.#isCopying = session !== null;
    this.#host = host;
    const { order, timeouts } = host.spec;
    this.#gate = new Gate(order === 'answers' ? timeouts.answer * 1000 : 0);
    this.#progressAt = now;
    for (const leg of [this.client, this.online, this.target])
      this.#turns.set(leg, { serve: (at) => this.#serve(leg, at) });
    if (session) this.#lookAgain(now + LOOK_EVERY);
  }

  /** Whether the target has all that was said so far, and is to have no more of it for the moment. */
  get isSettled(): boolean {
    return !this.#isCopying || (this.#ending === null && this.#hasAll);
  }

  get #hasAll(): boolean {
    return this.#count() === this.#given;
  }

  /** Whether a connection that was made for it is still of use. */
  wants(leg: StreamLeg): boolean {
    return leg === this.target ? this.#isCopying : !this.#isParted;
  }

  heard(leg: StreamLeg, events: number, now: number): void {
    if (this.#isClosed) return;
    leg.note(events);
    if (leg.waiting > 0) leg.flush();
    this.#serve(leg, now);
  }

  /** The online server cannot be reached. */
  refuse(now: number): void {
    this.#break(this.online, now);
    this.#settle();
  }

  /** The target cannot be reached. */
  failCopy(ending: CopyEnding, detail: string, now: number): void {
    if (!this.#isCopying) return;
    this.#session?.fail(ending, detail, this.#count(), now);
    this.#closeTarget(true);
    if (this.#ending !== null) this.#session?.end(ending, 0, now);
    this.#settle();
  }

  /** Everything ends. */
  stop(now: number): void {
    if (this.#isClosed) return;
    this.client.reset();
    this.online.reset();
    const how = this.#hasAll ? this.#ending : null;
    this.#concludeCopy(how ?? 'stopped', true, now);
    this.#part();
    this.#close();
  }

  #serve(leg: StreamLeg, now: number): void {
    if (this.#isClosed) return;
    if (leg.isReadable && this.#isWanted(leg)) this.#read(leg, now);
    else if (leg.failure !== null) this.#onBroken(leg, now);
    this.#settle();
  }

  #read(leg: StreamLeg, now: number): void {
    const { buffer } = this.#host;
    const came = leg.read(buffer);
    if (came === LEG.end) {
      if (leg.failure === null) this.#onEnd(leg, now);
      else this.#onBroken(leg, now);
      return;
    }
    if (came <= 0) return;
    const bytes = buffer.subarray(0, came);
    if (leg === this.client) {
      this.online.write(bytes);
      const turn = this.#session?.fromClient(bytes, now) ?? 0;
      if (this.#isCopying) this.#give(bytes, turn, now);
    } else if (leg === this.online) {
      this.client.write(bytes);
      this.#answered += came;
      this.#session?.fromOnline(bytes, now);
    } else {
      this.#received += came;
      this.#gate.noteAnswer(now);
      this.#session?.fromTarget(bytes, now);
      this.#say(now);
    }
  }

  #give(bytes: Uint8Array, turn: number, now: number): void {
    if (this.target.hasEnded) {
      this.failCopy('closed-by-target', '', now);
      return;
    }
    if (this.#given === this.#acknowledged) this.#progressAt = now;
    this.#given += bytes.length;
    this.#queue.push({ bytes: bytes.slice(), turn, answered: this.#answered });
    this.#queued += bytes.length;
    this.#say(now);
  }

  /** Says what may be said now; what comes after an answer waits for the target's. */
  #say(now: number): void {
    let done = 0;
    this.#gate.due = Infinity;
    for (const { bytes, turn, answered } of this.#queue) {
      if (!this.#isCopying || !this.#gate.lets(answered, this.#received, now)) break;
      done += 1;
      this.#queued -= bytes.length;
      this.#session?.said(bytes, turn, now);
      this.target.write(bytes);
    }
    this.#queue.splice(0, done);
    if (!this.#isCopying) return;
    if (this.target.failure !== null) this.#onBroken(this.target, now);
    else if (this.#queue.length === 0 && this.#ending === 'finished') this.target.end();
    if (this.#gate.due >= this.#sayAt) return;
    this.#sayAt = this.#gate.due;
    this.#host.reactor.at(this.#sayAt, this.#again);
  }

  #onEnd(leg: StreamLeg, now: number): void {
    if (leg === this.client) {
      this.online.end();
      this.#endCopy('finished', now);
    } else if (leg === this.online) this.client.end();
  }

  #onBroken(leg: StreamLeg, now: number): void {
    if (leg === this.target) {
      // All that was said has come, and the end of it: what the target does afterwards is its own business.
      if (this.#ending !== null && this.#hasAll) this.#concludeCopy(this.#ending, true, now);
      else this.failCopy('reset-by-target', '', now);
      return;
    }
    this.#break(leg, now);
  }

  #break(leg: StreamLeg, now: number): void {
    this.#isBroken = true;
    if (leg === this.client) this.online.reset();
    else this.client.reset();
    this.#endCopy(leg === this.client ? 'reset-by-client' : 'reset-by-online', now);
  }

  /** The client says no more: the target gets what waits, as long as it takes of it, and has some time for the end. */
  #endCopy(how: CopyEnding, now: number): void {
    if (this.#ending !== null) return;
    this.#ending = how;
    if (!this.#isCopying) {
      this.#session?.end(how, 0, now);
      return;
    }
    this.#say(now);
    this.#look(now);
  }

  /** What has become of it since. */
  #look(now: number): void {
    if (this.#isClosed || !this.#isCopying) return;
    const acknowledged = this.#count();
    if (acknowledged > this.#acknowledged || acknowledged === this.#given) this.#progressAt = now;
    this.#acknowledged = acknowledged;
    const { timeouts } = this.#host.spec;
    if (this.#ending === null) {
      if (now - this.#progressAt > timeouts.stall * 1000 && this.target.fd >= 0)
        this.failCopy('no-acknowledgment', '', now);
      this.#lookAgain(now + LOOK_EVERY);
      return;
    }
    const how = this.#ending;
    const hasAll = acknowledged === this.#given;
    if (hasAll) this.#completeAt ??= now;
    const limit =
      this.#completeAt === null
        ? this.#progressAt + timeouts.stall * 1000
        : this.#completeAt + timeouts.closing * 1000;
    // Its last answer is waited for.
    if (hasAll && (how !== 'finished' || this.target.hasEnded))
      this.#concludeCopy(how, how !== 'finished', now);
    else if (now >= limit) this.#concludeCopy(hasAll ? how : 'no-acknowledgment', true, now);
    else this.#lookAgain(now + LOOK_SOON);
  }

  #lookAgain(at: number): void {
    this.#lookAt = at;
    this.#host.reactor.at(at, {
      expire: (now) => {
        if (this.#lookAt !== at) return;
        this.#look(now);
        this.#settle();
      },
    });
  }

  #concludeCopy(how: CopyEnding, isReset: boolean, now: number): void {
    const sent = this.#count();
    if (this.#isCopying) this.#closeTarget(isReset);
    this.#session?.end(how, sent, now);
  }

  #closeTarget(isReset: boolean): void {
    this.#isCopying = false;
    if (isReset) this.target.reset();
    if (this.target.fd >= 0) this.#host.reactor.close(this.target.fd);
    this.#noteWaiting(0);
  }

  /** Bytes that the target has acknowledged. */
  #count(): number {
    const { target } = this;
    if (!this.#isCopying || target.fd < 0) return this.#acknowledged;
    if (target.failure === null) this.#taken = this.#given - this.#queued - target.waiting;
    const { unacknowledged } = tcpFacts(target.fd);
    // A FIN that is not acknowledged counts one.
    const bytes = Math.max(0, unacknowledged - (target.isDone ? 1 : 0));
    return Math.max(this.#acknowledged, this.#taken - bytes);
  }

  #isWanted(leg: StreamLeg): boolean {
    if (leg === this.target) return true;
    if (leg === this.online) return this.client.waiting < MOST_WAITING;
    const { limits } = this.#host.spec;
    const isHeld =
      this.#waiting >= limits.sessionBytes || (this.target.waiting > 0 && this.#host.isFull());
    return this.online.waiting < MOST_WAITING && !(this.#isCopying && isHeld);
  }

  /** What can go on goes on; what is over is closed. */
  #settle(): void {
    if (this.#isClosed) return;
    this.#noteWaiting(this.#isCopying ? this.#queued + this.target.waiting : 0);
    const { client, online, target } = this;
    if (this.#isBroken || [client, online].every((leg) => leg.hasEnded && leg.isDone)) this.#part();
    if (this.#isParted && !this.#isCopying) {
      this.#close();
      return;
    }
    for (const leg of [
      ...(this.#isParted ? [] : [client, online]),
      ...(this.#isCopying ? [target] : []),
    ])
      if (leg.isReadable && !leg.hasEnded && this.#isWanted(leg)) {
        const turn = this.#turns.get(leg);
        if (turn) this.#host.reactor.again(turn);
      }
  }

  #noteWaiting(waiting: number): void {
    if (waiting === this.#waiting) return;
    this.#host.noteWaiting(waiting - this.#waiting);
    this.#waiting = waiting;
  }

  #part(): void {
    if (this.#isParted) return;
    this.#isParted = true;
    for (const { fd } of [this.client, this.online]) if (fd >= 0) this.#host.reactor.close(fd);
  }

  #close(): void {
    this.#isClosed = true;
    this.#host.onClosed();
  }
}
