// The sessions of a relay that are open: what their couriers share, and what is counted of them.
import type {
  RelayAudit,
  RelayFinding,
  RelayStatistics,
  StreamAddress,
} from '../../model/relay.ts';
import type { RelaySessionView } from '../../model/relay-news.ts';
import { describeAddress } from '../../model/stream-address.ts';
import type { Relay, RelayWork, SessionEnd } from '../../roles/relay/relay-port.ts';
import type { Side } from '../../wire/protocol/contract.ts';
import { Connection } from './connection.ts';
import { Courier, type CourierHost, type TrafficCount } from './courier.ts';
import type { Leg } from './leg.ts';
import type { Outbox } from './outbox.ts';
import type { Reactor } from './reactor.ts';

export interface SessionsOptions {
  readonly reactor: Reactor;
  readonly relay: Relay;
  readonly outbox: Outbox;
  /** Bytes that may wait on one leg before the other is no longer read. */
  readonly mostWaiting: number;
  /** Has a message processed by another thread. */
  readonly process: (session: number, ticket: number, work: RelayWork) => void;
}

/** What is known of a client when it comes. */
export interface Arrival {
  readonly legs: Readonly<Record<Side, Leg>>;
  readonly client: StreamAddress;
  readonly target: StreamAddress;
  readonly onClosed?: () => void;
}

/** Bytes of one read. */
const READ = 131_072;

export class Sessions implements CourierHost {
  readonly buffer: Uint8Array = new Uint8Array(READ);
  readonly mostWaiting: number;
  readonly traffic: TrafficCount = {
    client: { bytesIn: 0, bytesOut: 0 },
    server: { bytesIn: 0, bytesOut: 0 },
  };
  /** Connections that were not taken. */
  refused = 0;
  readonly #options: SessionsOptions;
  readonly #open = new Map<number, Connection>();
  #accepted = 0;
  #failed = 0;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.mostWaiting = options.mostWaiting;
  }

  get size(): number {
    return this.#open.size;
  }

  begin({ legs, client, target, onClosed }: Arrival, now: number): Connection {
    const { reactor, relay, outbox } = this.#options;
    this.#accepted += 1;
    const session = this.#accepted;
    const courier = new Courier(session, legs, this);
    const since = Math.floor(now);
    const facts = { client: describeAddress(client), target: describeAddress(target), since };
    const connection = new Connection(
      courier,
      facts,
      { reactor, buffer: this.buffer },
      (reason) => {
        this.#open.delete(session);
        onClosed?.();
        this.#tellClosed(courier, reason);
      },
    );
    this.#open.set(session, connection);
    const { client: from, target: to } = facts;
    outbox.tell({ kind: 'opened', time: since, session, client: from, target: to });
    courier.carry(relay.open(session, courier, now), now);
    return connection;
  }

  courier(session: number): Courier | undefined {
    return this.#open.get(session)?.courier;
  }

  /** Ends all. What waits may still leave for a while. */
  stop(now: number): void {
    for (const { courier } of [...this.#open.values()]) courier.stop(now);
  }

  /** Nothing waits any more. */
  end(): void {
    for (const connection of [...this.#open.values()]) connection.expire();
  }

  list(): readonly RelaySessionView[] {
    return [...this.#open].map(([session, { courier, facts }]) => ({
      session,
      ...facts,
      upstream: courier.came.client,
      downstream: courier.came.server,
    }));
  }

  statistics(): RelayStatistics {
    const { messages, ...counts } = this.#options.relay.statistics();
    const { client, server } = this.traffic;
    return {
      sessions: {
        open: this.size,
        accepted: this.#accepted,
        refused: this.refused,
        failed: this.#failed,
      },
      upstream: {
        bytesIn: client.bytesIn,
        bytesOut: server.bytesOut,
        messagesIn: messages.upstream.in,
        messagesOut: messages.upstream.out,
      },
      downstream: {
        bytesIn: server.bytesIn,
        bytesOut: client.bytesOut,
        messagesIn: messages.downstream.in,
        messagesOut: messages.downstream.out,
      },
      ...counts,
    };
  }

  // What couriers have done.

  again(courier: Courier, leg: Leg): void {
    this.#options.reactor.again(courier.turnOf(leg));
  }

  schedule(courier: Courier, due: number): void {
    courier.scheduled = due;
    this.#options.reactor.at(due, courier);
  }

  process(courier: Courier, ticket: number, work: RelayWork): void {
    this.#options.process(courier.number, ticket, work);
  }

  audit(record: RelayAudit): void {
    this.#options.outbox.audit(record);
  }

  finding(finding: RelayFinding): void {
    const time = Math.floor(this.#options.reactor.now);
    this.#options.outbox.tell({ kind: 'finding', time, ...finding });
  }

  note({ number: session }: Courier, text: string): void {
    const time = Math.floor(this.#options.reactor.now);
    this.#options.outbox.tell({ kind: 'note', time, session, text });
  }

  closed(courier: Courier, reason: SessionEnd): void {
    this.#open.get(courier.number)?.close(reason);
  }

  #tellClosed({ number: session, came }: Courier, reason: SessionEnd): void {
    if (reason === 'dial-failed') this.#failed += 1;
    const time = Math.floor(this.#options.reactor.now);
    const { client: upstream, server: downstream } = came;
    this.#options.outbox.tell({ kind: 'closed', time, session, reason, upstream, downstream });
  }
}
