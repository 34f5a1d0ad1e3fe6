// Clients and servers of a test's relay, over each kind of address.
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import {
  type AddressInfo,
  type ListenOptions,
  type NetConnectOpts,
  type Server,
  type Socket,
  connect,
  createServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RelaySpec, RelayStatistics, StreamAddress } from '../../../../src/model/relay.ts';
import { type TestRelay, startRelay } from './relays.ts';

export type Kind = 'IPv4' | 'IPv6' | 'path' | 'abstract';
export const KINDS: readonly Kind[] = ['IPv4', 'IPv6', 'path', 'abstract'];

export interface Meeting {
  readonly client: Socket;
  /** It reads nothing until it is told to. */
  readonly server: Socket;
  /** The number of their session. */
  readonly session: number;
}

export interface Way {
  readonly relay: TestRelay;
  /** A client, through the relay, of a server that does nothing yet. */
  meet(): Promise<Meeting>;
}

/** What tests of one file make, and close. */
export class Ends {
  readonly #folder = mkdtempSync(join(tmpdir(), 'relay-'));
  readonly #relays: TestRelay[] = [];
  readonly #servers: Server[] = [];
  readonly #sockets: Socket[] = [];

  /** Somewhere to listen that nobody else has. */
  place(kind: Kind): StreamAddress {
    switch (kind) {
      case 'IPv4':
        return { kind: 'tcp', host: '127.0.0.1', port: 0 };
      case 'IPv6':
        return { kind: 'tcp', host: '::1', port: 0 };
      case 'path':
        return { kind: 'unix', path: join(this.#folder, randomUUID()) };
      case 'abstract':
        // Node 20 fills names up with zero bytes.
        return { kind: 'unix', path: `@relay-${randomUUID()}`.padEnd(108, '\0') };
    }
  }

  async serve(kind: Kind, onClient: (socket: Socket) => void): Promise<StreamAddress> {
    const at = this.place(kind);
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.#sockets.push(socket);
      onClient(socket.on('error', () => undefined));
    });
    this.#servers.push(server);
    const options: ListenOptions = at.kind === 'unix' ? { path: nodePath(at.path) } : at;
    server.listen({ ...options, backlog: 4096 });
    await once(server, 'listening');
    return at.kind === 'unix' ? at : { ...at, port: (server.address() as AddressInfo).port };
  }

  async relay(
    listen: StreamAddress,
    target: StreamAddress,
    more: Partial<RelaySpec> = {},
  ): Promise<TestRelay> {
    const started = await startRelay(listen, target, more);
    this.#relays.push(started);
    return started;
  }

  /** A client of a relay that listens at `at`. */
  dial({ port }: TestRelay, at: StreamAddress): Socket {
    const options: NetConnectOpts =
      at.kind === 'unix' ? { path: nodePath(at.path) } : { host: at.host, port };
    const socket = connect({ ...options, allowHalfOpen: true, noDelay: true });
    this.#sockets.push(socket);
    return socket.on('error', () => undefined);
  }

  /** A relay between clients and servers that meet one after another. */
  async way(kind: Kind, more: Partial<RelaySpec> = {}): Promise<Way> {
    const taken = new EventEmitter();
    const target = await this.serve(kind, (socket) => void taken.emit('client', socket.pause()));
    const listen = this.place(kind);
    const relay = await this.relay(listen, target, more);
    let session = 0;
    const meet = async (): Promise<Meeting> => {
      const coming = once(taken, 'client');
      const client = this.dial(relay, listen);
      const [server] = (await coming) as [Socket];
      session += 1;
      return { client, server, session };
    };
    return { relay, meet };
  }

  /** Servers take no more clients. */
  shut(): void {
    for (const server of this.#servers.splice(0)) server.close();
  }

  async close(): Promise<void> {
    for (const relay of this.#relays.splice(0)) await relay.stop();
    for (const socket of this.#sockets.splice(0)) socket.destroy();
    this.shut();
  }

  /** After the last test. */
  dispose(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** All that comes until the peer ends. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const came: Buffer[] = [];
  const over = once(socket, 'end');
  socket.on('data', (bytes) => came.push(bytes)).resume();
  await over;
  return Buffer.concat(came);
}

/** Resolves when so many bytes have come; gives what comes, also later. */
export async function hear(socket: Socket, length: number): Promise<{ bytes: Buffer }> {
  const heard = { bytes: Buffer.alloc(0) };
  socket
    .on('data', (bytes: Buffer) => (heard.bytes = Buffer.concat([heard.bytes, bytes])))
    .resume();
  for (; heard.bytes.length < length;) await once(socket, 'data');
  return heard;
}

/** Resolves when the relay has read so many bytes of a session. */
export async function relayHasRead(
  { thread }: TestRelay,
  number: number,
  direction: 'upstream' | 'downstream',
  bytes: number,
): Promise<void> {
  for (;;) {
    const { sessions = [] } = await thread.change({ kind: 'sessions' });
    const found = sessions.find(({ session }) => session === number);
    if ((found?.[direction] ?? 0) >= bytes) return;
  }
}

/** What the relay has counted. */
export async function countersOf({ thread }: TestRelay): Promise<RelayStatistics> {
  const { statistics } = await thread.change({ kind: 'statistics' });
  if (!statistics) throw new Error('A relay tells its counters');
  return statistics;
}

/** How a session ended. */
export async function endOf(relay: TestRelay, number: number): Promise<string> {
  const news = await relay.heard((each) => each.kind === 'closed' && each.session === number);
  return news.kind === 'closed' ? news.reason : '';
}

/** The value once it stays the same for ten looks. */
export async function standstill(value: () => number): Promise<number> {
  let last = -1;
  for (let same = 0; same < 10;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = value();
    same = now === last ? same + 1 : 0;
    last = now;
  }
  return last;
}

const nodePath = (path: string): string => path.replace(/^@/, '\0').replace(/\0+$/, '');
