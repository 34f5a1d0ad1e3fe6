// The relay's thread: listens, has its sessions carried, and obeys, until it is told to stop.
import type { RelaySpec, RelayStatistics, StreamAddress } from '../../model/relay.ts';
import type { RelaySessionView } from '../../model/relay-news.ts';
import type { ProcessedMessage, Relay, RelayWork } from '../../roles/relay/relay-port.ts';
import { Acceptor, DatagramReceiver } from './acceptor.ts';
import { Dialler, type LookUp } from './dialler.ts';
import { type OpenListener, openListeners } from './listeners.ts';
import type { Outbox } from './outbox.ts';
import { Reactor } from './reactor.ts';
import { Sessions } from './sessions.ts';
import { Welcome } from './welcome.ts';

export interface RelayLoopOptions {
  readonly spec: RelaySpec;
  /** What other threads wake this one with. */
  readonly event: number;
  /** Addresses of what is listened on. */
  readonly listenOn: readonly string[];
  readonly relay: Relay;
  readonly outbox: Outbox;
  readonly lookUp: LookUp;
  /** Has a message processed by another thread. */
  readonly process: (session: number, ticket: number, work: RelayWork) => void;
}

export class RelayLoop {
  readonly #options: RelayLoopOptions;
  readonly #reactor: Reactor;
  readonly #sessions: Sessions;
  readonly #welcome: Welcome;
  #listeners: readonly OpenListener[] = [];
  #acceptors: readonly Acceptor[] = [];
  /** What it listened on last: when it listens again, it has the port that it had. */
  #listen: StreamAddress;

  constructor(options: RelayLoopOptions) {
    const { spec, lookUp } = options;
    const reactor = new Reactor(options.event);
    this.#reactor = reactor;
    this.#options = options;
    this.#listen = spec.listen;
    this.#sessions = new Sessions({ ...options, reactor, mostWaiting: spec.limits.bytes });
    const dialler = new Dialler(reactor, lookUp, spec.limits.dialTimeout * 1000);
    this.#welcome = new Welcome(spec, reactor, this.#sessions, dialler);
  }

  /** Microseconds since the epoch. */
  get now(): number {
    return this.#reactor.now;
  }

  get isListening(): boolean {
    return this.#listeners.length > 0;
  }

  /** Gives where it listens. Throws a machine fault where it cannot. */
  listen(): readonly StreamAddress[] {
    const { listenOn, spec } = this.#options;
    this.#listeners = openListeners(this.#listen, listenOn, spec.transparent);
    const addresses = this.#listeners.map(({ address }) => address);
    this.#acceptors = this.#listeners.flatMap(({ fd, isDatagram }) =>
      isDatagram ? this.#receive(fd) : this.#accept(fd, addresses),
    );
    const [first] = addresses;
    if (this.#listen.kind !== 'unix' && first && first.kind !== 'unix')
      this.#listen = { ...this.#listen, port: first.port };
    return addresses;
  }

  /** No more clients; all sessions end. */
  shut(): void {
    for (const acceptor of this.#acceptors) acceptor.close();
    for (const { fd, removeFile } of this.#listeners) {
      this.#reactor.close(fd);
      removeFile();
    }
    this.#acceptors = [];
    this.#listeners = [];
    this.#sessions.stop(this.now);
    this.#reactor.settle();
  }

  run(isStopped: () => boolean, afterTurn: () => void): void {
    while (!isStopped()) {
      this.#reactor.turn(this.#options.outbox.nextDue);
      afterTurn();
    }
  }

  /** Closes all that it has opened. */
  end(): void {
    this.shut();
    this.#sessions.end();
    this.#reactor.end();
  }

  /** Whether there is such a session. */
  resetSession(session: number): boolean {
    const courier = this.#sessions.courier(session);
    courier?.stop(this.now);
    this.#reactor.settle();
    return courier !== undefined;
  }

  processed(session: number, ticket: number, outcome: ProcessedMessage): void {
    this.#sessions.courier(session)?.processed(ticket, outcome, this.now);
  }

  sessions(): readonly RelaySessionView[] {
    return this.#sessions.list();
  }

  statistics(): RelayStatistics {
    return this.#sessions.statistics();
  }

  #accept(fd: number, listening: readonly StreamAddress[]): Acceptor[] {
    const acceptor = new Acceptor(
      fd,
      (client, peer, now) => this.#welcome.connection(client, { peer, listening }, now),
      () => {
        this.#sessions.refused += 1;
      },
    );
    this.#reactor.watch(fd, acceptor);
    return [acceptor];
  }

  #receive(fd: number): Acceptor[] {
    const receiver = new DatagramReceiver(fd, this.#sessions.buffer, (bytes, way, now) =>
      this.#welcome.datagram(fd, bytes, way, now),
    );
    this.#reactor.watch(fd, receiver);
    return [];
  }
}
