// Legs over UDP: each read and each write is a datagram. What cannot be sent now is lost, as datagrams are.
import { type DatagramWay, answerDatagram } from '../../kernel/datagram-socket.ts';
import { AGAIN, readStream, writeStream } from '../../kernel/stream-socket.ts';
import type { Side } from '../../wire/protocol/contract.ts';
import { LEG, type Leg } from './leg.ts';

/** Datagrams that wait while the target's address is looked up. */
const MOST_EARLY = 64;

/** To a client of a socket that all clients share; what it sends is read by that socket's listener. */
export class ClientDatagramLeg implements Leg {
  readonly side: Side = 'client';
  readonly fd: number = -1;
  readonly waiting = 0;
  readonly isReadable = false;
  readonly failure = null;
  readonly hasEnded = true;
  isDone = false;
  readonly #socket: number;
  readonly #way: DatagramWay;

  /** `own`: a socket that answers in the place of the listener, and is the session's own. */
  constructor(listener: number, way: DatagramWay, own: number | null = null) {
    if (own !== null) this.fd = own;
    this.#socket = own ?? listener;
    this.#way = way;
  }

  note(): void {
    // The listener hears.
  }

  read(): number {
    return LEG.nothing;
  }

  write(bytes: Uint8Array): void {
    if (!this.isDone) answerDatagram(this.#socket, bytes, this.#way);
  }

  flush(): boolean {
    return false;
  }

  end(): void {
    this.isDone = true;
  }

  settle(): void {
    // Datagrams have no end.
  }

  reset(): void {
    this.isDone = true;
  }
}

/** To the target, by a socket of the session's own. */
export class TargetDatagramLeg implements Leg {
  readonly side: Side = 'server';
  fd = -1;
  readonly waiting = 0;
  isReadable = false;
  /** A target that does not listen yet may listen for the next datagram. */
  readonly failure = null;
  readonly hasEnded = false;
  isDone = false;
  #early: Uint8Array[] = [];

  connected(fd: number): void {
    this.fd = fd;
    for (const bytes of this.#early) writeStream(fd, bytes);
    this.#early = [];
  }

  note(): void {
    this.isReadable = true;
  }

  read(buffer: Uint8Array): number {
    const came = readStream(this.fd, buffer);
    if (came >= 0) return came;
    if (came === AGAIN) this.isReadable = false;
    return LEG.nothing;
  }

  write(bytes: Uint8Array): void {
    if (this.isDone) return;
    if (this.fd >= 0) writeStream(this.fd, bytes);
    else if (this.#early.length < MOST_EARLY) this.#early.push(bytes.slice());
  }

  flush(): boolean {
    return false;
  }

  end(): void {
    this.isDone = true;
  }

  settle(): void {
    // Datagrams have no end.
  }

  reset(): void {
    this.isDone = true;
  }
}
