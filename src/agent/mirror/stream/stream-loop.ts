// The loop of a mirror in stream mode: takes the connections that are diverted to it, carries each to the online server, and says what its
// client says to the target as well.
import { parseIp } from '../../../base/addresses.ts';
import { closeDescriptor } from '../../../kernel/process.ts';
import {
  abortOnClose,
  ownAddress,
  peerAddress,
  sendAtOnce,
} from '../../../kernel/stream-socket.ts';
import type { SocketAddress } from '../../../kernel/socket-address.ts';
import type { CopyEnding } from '../../../model/mirror-record.ts';
import type { StreamAddress } from '../../../model/relay.ts';
import { Admission } from '../../../roles/mirror/admission.ts';
import { Comparison } from '../../../roles/mirror/compare/comparison.ts';
import { StreamSession } from '../../../roles/mirror/stream/stream-session.ts';
import { Tally } from '../../../roles/mirror/tally.ts';
import { Acceptor } from '../../relay/acceptor.ts';
import { Dialler } from '../../relay/dialler.ts';
import { EVERYWHERE, openListeners, type OpenListener } from '../../relay/listeners.ts';
import { originalTarget } from '../../relay/original-target.ts';
import { Reactor } from '../../relay/reactor.ts';
import type { StreamLeg } from '../../relay/stream-leg.ts';
import { LossCounters } from '../loss-counters.ts';
import { StatisticsClock } from '../../thread/statistics-clock.ts';
import { NewsBox } from '../online/news-box.ts';
import { type MirrorFigures, type MirrorReply, SHARED, type StreamOrder } from '../order.ts';
import { StreamConnection } from './stream-connection.ts';

/** How often counters are looked at, and copies while the mirror ends: microseconds. */
const LOOK_EVERY = 1e6;
const LOOK_SOON = 20_000;
/** Microseconds that copies have to be said when the mirror ends. */
const DRAIN_LIMIT = 5e6;
/** Microseconds without anything that waits for the target, after which no more is expected. */
const QUIET = 100_000;
const BUFFER = 2 ** 18;
/** Milliseconds that the online server has to accept: as long as a client would wait. */
const ONLINE_LIMIT = 60_000;

export class StreamLoop {
  readonly #order: StreamOrder;
  readonly #shared: Int32Array;
  readonly #post: (reply: MirrorReply) => void;
  readonly #reactor: Reactor;
  readonly #listeners: readonly OpenListener[];
  readonly #acceptors: readonly Acceptor[];
  readonly #dialler: { readonly online: Dialler; readonly target: Dialler };
  readonly #admission: Admission;
  readonly #tally = new Tally();
  readonly #comparison: Comparison | null;
  readonly #connections = new Set<StreamConnection>();
  readonly #buffer = new Uint8Array(BUFFER);
  readonly #box: NewsBox;
  readonly #clock: StatisticsClock<MirrorFigures>;
  readonly #losses: LossCounters;
  #refused = 0;
  #drainUntil: number | null = null;
  #isDrained = false;
  /** Since when nothing is to be said that has not been. */
  #quietSince = 0;

  /** The thread is in the online server's namespace. */
  constructor(
    order: StreamOrder,
    {
      event,
      shared,
      post,
    }: {
      readonly event: number;
      readonly shared: Int32Array;
      readonly post: (reply: MirrorReply) => void;
    },
  ) {
    const { plan, seed, port } = order;
    this.#order = order;
    this.#shared = shared;
    this.#post = post;
    this.#reactor = new Reactor(event);
    // Addresses are known: no name is looked up.
    const dialler = (limit: number): Dialler =>
      new Dialler(this.#reactor, () => undefined, limit * 1000);
    this.#dialler = { online: dialler(ONLINE_LIMIT), target: dialler(plan.timeouts.establish) };
    this.#admission = new Admission(plan, seed);
    this.#comparison = plan.compare === null ? null : new Comparison(plan);
    this.#box = new NewsBox(shared, post);
    this.#clock = new StatisticsClock(
      () => ({
        statistics: this.#tally.snapshot(),
        comparison: this.#comparison?.statistics() ?? null,
      }),
      post,
    );
    this.#losses = new LossCounters(post);
    this.#losses.add('connections refused', () => this.#refused);
    this.#losses.add('reports of copies', () => this.#box.lost);
    this.#listeners = openListeners({ kind: 'tcp', host: '*', port }, EVERYWHERE, false);
    const listening = this.#listeners.map(({ address }) => address);
    this.#acceptors = this.#listeners.map(({ fd }) => {
      const acceptor = new Acceptor(
        fd,
        (client, _peer, now) => this.#welcome(client, listening, now),
        () => {
          this.#refused += 1;
        },
      );
      this.#reactor.watch(fd, acceptor);
      return acceptor;
    });
  }

  /** Serves until it is stopped. */
  run(): void {
    while (Atomics.load(this.#shared, SHARED.stop) === 0) {
      const now = this.#reactor.now;
      const soon = this.#drainUntil === null || this.#isDrained ? LOOK_EVERY : LOOK_SOON;
      this.#reactor.turn(Math.min(this.#box.nextDue, now + soon));
      this.#afterTurn(this.#reactor.now);
    }
    for (const connection of [...this.#connections]) connection.stop(this.#reactor.now);
    for (const acceptor of this.#acceptors) acceptor.close();
    for (const { fd } of this.#listeners) this.#reactor.close(fd);
    this.#box.end();
    this.#losses.end();
    this.#clock.end();
    this.#reactor.end();
  }

  #afterTurn(now: number): void {
    if (Atomics.load(this.#shared, SHARED.drain) === 1) this.#drain(now);
    this.#box.flush(now);
    this.#clock.turn(now);
    this.#losses.turn(now);
  }

  /** Clients go on as long as they like; what they have said is to come. */
  #drain(now: number): void {
    if (this.#drainUntil === null) {
      this.#drainUntil = now + DRAIN_LIMIT;
      this.#quietSince = now;
    }
    if (this.#isDrained) return;
    if ([...this.#connections].some(({ isSettled }) => !isSettled)) this.#quietSince = now;
    if (now < this.#drainUntil && now < this.#quietSince + QUIET) return;
    this.#isDrained = true;
    this.#post({ kind: 'drained' });
  }

  #welcome(fd: number, listening: readonly StreamAddress[], now: number): void {
    const wished = originalTarget(fd, listening, false);
    const peer = peerAddress(fd);
    if (wished === null || peer?.kind !== 'ip') {
      this.#refused += 1;
      abortOnClose(fd);
      closeDescriptor(fd);
      return;
    }
    const session = this.#begin(peer, now);
    const connection = new StreamConnection(
      fd,
      session,
      {
        ...{ reactor: this.#reactor, buffer: this.#buffer, spec: this.#order.plan },
        isFull: () => this.#tally.waiting >= this.#order.plan.limits.totalBytes,
        noteWaiting: (change) => this.#tally.noteWaiting(change),
        onClosed: () => void this.#connections.delete(connection),
      },
      now,
    );
    this.#connections.add(connection);
    this.#watch(connection, connection.client);
    this.#dialler.online.dial(wished, {
      connected: (online, events, at) =>
        this.#take(connection, connection.online, online, events, at),
      failed: (_reason, at) => connection.refuse(at),
    });
    if (session) this.#dialTarget(connection, session, wished);
  }

  /** Null: it is not copied. */
  #begin(peer: Extract<SocketAddress, { kind: 'ip' }>, now: number): StreamSession | null {
    const { plan } = this.#order;
    const client = endText(peer);
    const source = parseIp(peer.address);
    this.#tally.seen += 1;
    const cause = !source.ok
      ? 'unreadable'
      : this.#tally.open >= plan.limits.sessions
        ? 'too-many-sessions'
        : this.#admission.refuse(
            {
              source: source.value,
              ...{ sourcePort: peer.port, destinationPort: plan.online.port },
            },
            true,
            now,
          );
    if (cause !== null) {
      this.#tally.noteRefusal(cause);
      this.#box.tell({ kind: 'refused', time: now, client, cause });
      return null;
    }
    this.#tally.open += 1;
    this.#tally.begun += 1;
    return new StreamSession({
      ...{ number: this.#tally.seen, copy: this.#tally.begun, client },
      ...{ compares: this.#comparison !== null, tally: this.#tally },
      port: {
        tell: (news) => this.#box.tell(news),
        heard: (words) => this.#comparison?.heard(words),
      },
    });
  }

  #dialTarget(connection: StreamConnection, session: StreamSession, wished: StreamAddress): void {
    const { target } = this.#order.plan;
    const family = wished.kind === 'unix' ? 4 : familyOf(wished.host);
    const near = target.addresses.find((address) => familyOf(address) === family);
    const host = near ?? target.addresses[0] ?? '';
    this.#dialler.target.dial(
      { kind: 'tcp', host, port: target.port },
      {
        connected: (fd, events, at) => {
          const own = ownAddress(fd);
          session.opened(own?.kind === 'ip' ? endText(own) : '', at);
          this.#take(connection, connection.target, fd, events, at);
        },
        failed: (reason, at) => {
          session.opened('', at);
          connection.failCopy(endingOf(reason), reason, at);
        },
      },
    );
  }

  #watch(connection: StreamConnection, leg: StreamLeg): void {
    this.#reactor.watchChanges(leg.fd, {
      ready: (events, now) => connection.heard(leg, events, now),
    });
  }

  #take(
    connection: StreamConnection,
    leg: StreamLeg,
    fd: number,
    events: number,
    now: number,
  ): void {
    if (!connection.wants(leg)) {
      this.#reactor.close(fd);
      return;
    }
    sendAtOnce(fd);
    leg.connected(fd);
    this.#reactor.hand(fd, { ready: (more, at) => connection.heard(leg, more, at) });
    connection.heard(leg, events, now);
  }
}

const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

const endText = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const endingOf = (reason: string): CopyEnding =>
  reason === 'ECONNREFUSED' ? 'refused-by-target' : 'no-connection';
