// Takes connections and datagrams where a relay listens.
import { closeDescriptor, createMemoryFile } from '../../kernel/process.ts';
import { DatagramWay, receiveDatagram } from '../../kernel/datagram-socket.ts';
import { IP_ROOM, type SocketAddress } from '../../kernel/socket-address.ts';
import { acceptStream, errorName, peerFrom } from '../../kernel/stream-socket.ts';
import type { Watched } from './reactor.ts';

/** Connections and datagrams of one turn, before sessions have theirs. */
const BATCH = 64;

/** Hears of a connection and of who made it. */
export type OnClient = (fd: number, peer: SocketAddress | null, now: number) => void;

export class Acceptor implements Watched {
  readonly #fd: number;
  readonly #from = new Uint8Array(IP_ROOM);
  readonly #onClient: OnClient;
  readonly #onRefused: () => void;
  /** Given up to take and refuse a connection where the process may have no more descriptors: it would be told of it for ever. */
  #spare: number | null = createMemoryFile('spare');

  constructor(fd: number, onClient: OnClient, onRefused: () => void) {
    this.#fd = fd;
    this.#onClient = onClient;
    this.#onRefused = onRefused;
  }

  ready(_events: number, now: number): void {
    for (let taken = 0; taken < BATCH; taken += 1) {
      const fd = acceptStream(this.#fd, this.#from);
      if (fd >= 0) this.#onClient(fd, peerFrom(fd, this.#from), now);
      else if (isExhausted(fd)) this.#refuse();
      else if (errorName(fd) !== 'ECONNABORTED') return;
    }
  }

  close(): void {
    if (this.#spare !== null) closeDescriptor(this.#spare);
    this.#spare = null;
  }

  #refuse(): void {
    this.close();
    const fd = acceptStream(this.#fd, this.#from);
    if (fd >= 0) closeDescriptor(fd);
    try {
      this.#spare = createMemoryFile('spare');
    } catch {
      // Another thread has taken its place meanwhile.
    }
    this.#onRefused();
  }
}

const isExhausted = (failed: number): boolean => /^E[MN]FILE$/.test(errorName(failed));

/** Datagrams of all clients of one socket. */
export class DatagramReceiver implements Watched {
  readonly #fd: number;
  readonly #buffer: Uint8Array;
  readonly #way = new DatagramWay();
  readonly #onDatagram: (bytes: Uint8Array, way: DatagramWay, now: number) => void;

  /** `way` is its own: whoever keeps it copies it. */
  constructor(
    fd: number,
    buffer: Uint8Array,
    onDatagram: (bytes: Uint8Array, way: DatagramWay, now: number) => void,
  ) {
    this.#fd = fd;
    this.#buffer = buffer;
    this.#onDatagram = onDatagram;
  }

  ready(_events: number, now: number): void {
    for (let taken = 0; taken < BATCH; taken += 1) {
      const length = receiveDatagram(this.#fd, this.#buffer, this.#way);
      if (length < 0) return;
      this.#onDatagram(this.#buffer.subarray(0, length), this.#way, now);
    }
  }
}
