// What becomes of a client when it comes: a session, and a connection to the target; or nothing, where there is no room.
import { type DatagramWay, connectDatagrams, speakAs } from '../../kernel/datagram-socket.ts';
import { closeDescriptor } from '../../kernel/process.ts';
import type { SocketAddress } from '../../kernel/socket-address.ts';
import { abortOnClose, sendAtOnce } from '../../kernel/stream-socket.ts';
import type { RelaySpec, StreamAddress } from '../../model/relay.ts';
import type { Connection } from './connection.ts';
import { ClientDatagramLeg, TargetDatagramLeg } from './datagram-legs.ts';
import type { Dialler } from './dialler.ts';
import { originalDatagramTarget, originalTarget } from './original-target.ts';
import type { Reactor } from './reactor.ts';
import type { Sessions } from './sessions.ts';
import { StreamLeg } from './stream-leg.ts';

/** Who has connected, and where the relay listens. */
interface Meeting {
  readonly peer: SocketAddress | null;
  readonly listening: readonly StreamAddress[];
}

/** What a datagram of a new client leads to; `dialled` null: its target is still to be dialled. */
interface Reached {
  readonly target: StreamAddress;
  readonly client: ClientDatagramLeg;
  readonly dialled: number | null;
}

export class Welcome {
  readonly #spec: RelaySpec;
  readonly #reactor: Reactor;
  readonly #sessions: Sessions;
  readonly #dialler: Dialler;
  /** Of UDP: by who sends, and where to. */
  readonly #byWay = new Map<string, Connection>();

  constructor(spec: RelaySpec, reactor: Reactor, sessions: Sessions, dialler: Dialler) {
    this.#spec = spec;
    this.#reactor = reactor;
    this.#sessions = sessions;
    this.#dialler = dialler;
  }

  connection(fd: number, { peer, listening }: Meeting, now: number): void {
    const { transparent } = this.#spec;
    const target =
      this.#spec.target === 'original'
        ? originalTarget(fd, listening, transparent)
        : this.#spec.target;
    if (target === null || this.#isFull) {
      this.#sessions.refused += 1;
      abortOnClose(fd);
      closeDescriptor(fd);
      return;
    }
    const client = new StreamLeg('client', fd);
    const server = new StreamLeg('server', null);
    const from = toStreamAddress('tcp', peer);
    const connection = this.#sessions.begin(
      { legs: { client, server }, client: from, target },
      now,
    );
    connection.watch(client);
    this.#dial(connection, server, target);
  }

  datagram(listener: number, bytes: Uint8Array, way: DatagramWay, now: number): void {
    const { key } = way;
    const known = this.#byWay.get(key) ?? this.#meet(listener, key, way, now);
    known?.courier.received('client', bytes, now);
  }

  #meet(listener: number, key: string, way: DatagramWay, now: number): Connection | null {
    const arrived = this.#isFull ? null : this.#reach(listener, way);
    if (arrived === null) {
      this.#sessions.refused += 1;
      return null;
    }
    const { target, client, dialled } = arrived;
    const server = new TargetDatagramLeg();
    const from = toStreamAddress('udp', way.sender);
    const onClosed = (): void => void this.#byWay.delete(key);
    const arrival = { legs: { client, server }, client: from, target, onClosed };
    const connection = this.#sessions.begin(arrival, now);
    this.#byWay.set(key, connection);
    if (dialled === null) this.#dial(connection, server, target);
    else {
      server.connected(dialled);
      this.#reactor.watchChanges(dialled, connection.watcher(server));
      connection.courier.dialled(now);
    }
    return connection;
  }

  /** Where a client itself says where it wants to go, that is dialled before there is a session: of places without a way there are many. */
  #reach(listener: number, way: DatagramWay): Reached | null {
    if (this.#spec.target !== 'original') {
      const client = new ClientDatagramLeg(listener, way.copy());
      return { target: this.#spec.target, client, dialled: null };
    }
    const target = originalDatagramTarget(way);
    if (target === null || way.destination === null) return null;
    const dialled = connectDatagrams(way.destination);
    if (dialled < 0) return null;
    const client = answeringLeg(listener, way.copy());
    if (client !== null) return { target, client, dialled };
    closeDescriptor(dialled);
    return null;
  }

  #dial(
    connection: Connection,
    server: StreamLeg | TargetDatagramLeg,
    target: StreamAddress,
  ): void {
    const { courier } = connection;
    connection.dial = this.#dialler.dial(target, {
      connected: (fd, events, now) => {
        if (target.kind === 'tcp') sendAtOnce(fd);
        server.connected(fd);
        this.#reactor.hand(fd, connection.watcher(server));
        courier.dialled(now);
        courier.heard(server, events, now);
      },
      failed: (reason, now) => courier.dialFailed(reason, now),
    });
  }

  get #isFull(): boolean {
    return this.#sessions.size >= this.#spec.limits.sessions;
  }
}

/** A client that was diverted hears from whom it spoke to; null where no socket can be had for that. */
function answeringLeg(listener: number, way: DatagramWay): ClientDatagramLeg | null {
  const { destination } = way;
  if (destination === null) return null;
  try {
    return new ClientDatagramLeg(listener, way, speakAs(destination));
  } catch {
    return null;
  }
}

/** Of a socket without a name: the empty path. */
function toStreamAddress(kind: 'tcp' | 'udp', socket: SocketAddress | null): StreamAddress {
  if (socket === null) return { kind: 'unix', path: '' };
  return socket.kind === 'unix' ? socket : { kind, host: socket.address, port: socket.port };
}
