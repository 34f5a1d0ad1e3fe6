// The assistant's connection to the mirror: dialled until it is there, and given a record for each packet of the target.
import { Fault } from '../../../base/fault.ts';
import { closeDescriptor } from '../../../kernel/process.ts';
import {
  AGAIN,
  connectStream,
  errorName,
  sendAtOnce,
  streamError,
  writeStream,
} from '../../../kernel/stream-socket.ts';
import { EPOLL, type Waiter } from '../../../kernel/waiter.ts';
import { putAnswerRecord } from '../../../roles/mirror/answer-records.ts';
import type { PacketView } from '../../../wire/packet.ts';

/** Bytes of records that may wait: of a second of a busy target. */
const ROOM = 2 ** 23;
/** Of one record at most, its payload included. */
const LONGEST_RECORD = 65_539;
/** Microseconds between two attempts, and for all of them. */
const RETRY_EVERY = 50_000;
const PATIENCE = 10e6;
/** Microseconds that an address has to answer. */
const DIAL_LIMIT = 500_000;

export interface SenderPlace {
  /** Of the online server: any of them will do. */
  readonly addresses: readonly string[];
  readonly port: number;
}

export interface SenderOutlet {
  readonly waiter: Waiter;
  readonly token: number;
  onConnected(address: string): void;
  onEnd(reason: string): void;
}

export class AnswerSender {
  /** Records that found no room. */
  lost = 0;
  readonly #place: SenderPlace;
  readonly #outlet: SenderOutlet;
  readonly #records = new Uint8Array(ROOM);
  #start = 0;
  #end = 0;
  #fd = -1;
  #state: 'idle' | 'dialling' | 'connected' | 'ended' = 'idle';
  #attempts = 0;
  #began = 0;
  #retryAt = 0;
  #giveUpAt = 0;
  #failure = '';

  constructor(place: SenderPlace, outlet: SenderOutlet) {
    this.#place = place;
    this.#outlet = outlet;
  }

  /** When `turn` is wanted; Infinity: when its socket says so. */
  get nextDue(): number {
    if (this.#state === 'dialling') return this.#giveUpAt;
    return this.#state === 'idle' ? this.#retryAt : Infinity;
  }

  /** Dials where there is no connection. Throws a Fault when that takes too long. */
  turn(now: number): void {
    if (this.#state === 'dialling' && now >= this.#giveUpAt) this.#retry('ETIMEDOUT');
    if (this.#state !== 'idle' || now < this.#retryAt) return;
    if (this.#attempts === 0) this.#began = now;
    const { addresses, port } = this.#place;
    const address = addresses[this.#attempts % addresses.length] ?? '';
    if (now - this.#began > PATIENCE)
      throw new Fault(
        'run',
        `The assistant cannot reach the mirror at ${address} port ${port}: ${this.#failure}`,
        {
          help: 'Give it a way to the online server, and let the port through',
        },
      );
    this.#attempts += 1;
    this.#retryAt = now + RETRY_EVERY;
    this.#giveUpAt = now + DIAL_LIMIT;
    const fd = connectStream({ kind: 'ip', address, port });
    if (fd < 0) {
      this.#failure = errorName(fd);
      return;
    }
    this.#fd = fd;
    this.#state = 'dialling';
    this.#outlet.waiter.watchChanges(fd, this.#outlet.token);
  }

  /** The socket has changed. */
  onChange(events: number): void {
    if (this.#state === 'dialling') this.#conclude();
    else if (this.#state === 'connected' && (events & (EPOLL.hangUp | EPOLL.readHangUp)) !== 0)
      this.#finish('it has ended');
  }

  add(view: PacketView, payload: number): void {
    if (this.#state === 'ended') return;
    if (this.#end + LONGEST_RECORD > ROOM) this.#makeRoom();
    if (this.#end + LONGEST_RECORD > ROOM) this.lost += 1;
    else this.#end = putAnswerRecord(view, payload, this.#records, this.#end);
  }

  /** Once a turn. */
  flush(): void {
    while (this.#state === 'connected' && this.#start < this.#end) {
      const count = writeStream(this.#fd, this.#records.subarray(this.#start, this.#end));
      if (count === AGAIN) return;
      if (count < 0) this.#finish(errorName(count));
      else this.#start += count;
    }
    if (this.#start === this.#end) this.#start = this.#end = 0;
  }

  close(): void {
    if (this.#fd >= 0) closeDescriptor(this.#fd);
    this.#fd = -1;
  }

  #conclude(): void {
    const failed = streamError(this.#fd);
    if (failed === 0) {
      this.#state = 'connected';
      sendAtOnce(this.#fd);
      const { addresses } = this.#place;
      this.#outlet.onConnected(addresses[(this.#attempts - 1) % addresses.length] ?? '');
      return;
    }
    this.#retry(errorName(failed));
  }

  #retry(failure: string): void {
    this.#failure = failure;
    this.close();
    this.#state = 'idle';
  }

  #finish(reason: string): void {
    this.#state = 'ended';
    this.close();
    this.#outlet.onEnd(reason);
  }

  #makeRoom(): void {
    this.#records.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }
}
