// A leg over TCP or a Unix stream socket. epoll tells each change once, so what it told is kept until it has been dealt with.
import { EPOLL } from '../../kernel/waiter.ts';
import {
  AGAIN,
  abortOnClose,
  endStream,
  errorName,
  readStream,
  streamError,
  writeStream,
} from '../../kernel/stream-socket.ts';
import type { Side } from '../../wire/protocol/contract.ts';
import { LEG, type Leg } from './leg.ts';

const BROKEN = EPOLL.error | EPOLL.hangUp;
const OVER = BROKEN | EPOLL.readHangUp;

export class StreamLeg implements Leg {
  readonly side: Side;
  fd = -1;
  waiting = 0;
  isReadable = false;
  failure: string | null = null;
  isDone = false;
  hasEnded = false;
  /** Whether it is connected, so that it can be written. */
  #isOpen: boolean;
  /** The peer has sent its FIN or a RST: it is read up to that. */
  #isOver = false;
  #isEnding = false;
  #owesEnd = false;
  #queue: Uint8Array[] = [];

  /** Without a descriptor it is one that will be connected. */
  constructor(side: Side, fd: number | null) {
    this.side = side;
    this.#isOpen = fd !== null;
    if (fd !== null) this.fd = fd;
  }

  /** It is connected: what was written before is sent. */
  connected(fd: number): void {
    this.fd = fd;
    this.#isOpen = true;
    this.flush();
  }

  note(events: number): void {
    if ((events & EPOLL.error) !== 0) this.#fail(streamError(this.fd));
    if ((events & OVER) !== 0) this.#isOver = true;
    if ((events & (EPOLL.in | OVER)) !== 0) this.isReadable = true;
  }

  read(buffer: Uint8Array): number {
    const came = readStream(this.fd, buffer);
    if (came > 0) {
      // A short read has emptied the socket (epoll(7), question 9); its end is told apart.
      if (came < buffer.length && !this.#isOver) this.isReadable = false;
      return came;
    }
    if (came === AGAIN) {
      this.isReadable = false;
      return LEG.nothing;
    }
    this.isReadable = false;
    this.hasEnded = true;
    if (came < 0) this.#fail(came);
    return LEG.end;
  }

  write(bytes: Uint8Array): void {
    if (this.isDone || this.#isEnding) return;
    const sent = this.waiting === 0 && this.#isOpen ? this.#send(bytes) : 0;
    if (sent === bytes.length || this.failure !== null) return;
    this.#queue.push(bytes.slice(sent));
    this.waiting += bytes.length - sent;
  }

  flush(): boolean {
    if (!this.#isOpen || this.isDone) return false;
    const before = this.waiting;
    let done = 0;
    for (const bytes of this.#queue) {
      const sent = this.#send(bytes);
      this.waiting -= sent;
      if (sent < bytes.length) {
        if (this.failure === null) this.#queue[done] = bytes.subarray(sent);
        break;
      }
      done += 1;
    }
    if (done > 0) this.#queue.splice(0, done);
    this.#endWhenSent();
    return this.waiting < before;
  }

  end(): void {
    this.#isEnding = true;
    this.#endWhenSent();
  }

  settle(): void {
    if (!this.#owesEnd) return;
    this.#owesEnd = false;
    endStream(this.fd);
  }

  reset(): void {
    this.isDone = true;
    this.#owesEnd = false;
    this.#forget();
    if (this.fd >= 0) abortOnClose(this.fd);
  }

  #endWhenSent(): void {
    if (!this.#isEnding || this.isDone || this.waiting > 0 || !this.#isOpen) return;
    this.isDone = true;
    if (this.hasEnded) this.#owesEnd = true;
    else endStream(this.fd);
  }

  #send(bytes: Uint8Array): number {
    const sent = writeStream(this.fd, bytes);
    if (sent >= 0) return sent;
    if (sent !== AGAIN) {
      this.#fail(sent);
      this.#forget();
      // What the peer had sent before is still there.
      this.#isOver = true;
      this.isReadable = true;
    }
    return 0;
  }

  #fail(errno: number): void {
    if (errno < 0) this.failure ??= errorName(errno);
  }

  #forget(): void {
    this.#queue = [];
    this.waiting = 0;
  }
}
