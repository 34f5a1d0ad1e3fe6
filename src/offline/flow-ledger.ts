// The flows of a capture, whether or not the censor follows them. Bounded: of flows that are too many, those that have been silent for
// long are given away.
import type { IpPrefix } from '../base/addresses.ts';
import { isFromClient } from '../roles/censor/state/client-side.ts';
import type { PacketView } from '../wire/packet.ts';
import { TCP_FLAG } from '../wire/tcp.ts';
import { FlowActs } from './flow-acts.ts';
import { FlowIndex, NO_ROW } from './flow-index.ts';
import { FlowRecord } from './flow-record.ts';
import type { JudgedPacket } from './judged-packet.ts';

const BUCKETS = 131_072;

/** What is counted of a flow, in its row; doubles, since captures have more bytes than 32 bits count. */
const NUMBER = 0;
const FIRST_FRAME = 1;
const LAST_FRAME = 2;
const PACKETS = 3;
const BYTES = 4;
const DROPPED = 5;
const ALTERED = 6;
const INJECTED = 7;
const ROW = 8;

export class FlowLedger {
  /** Flows seen so far. */
  count = 0;
  readonly #capacity: number;
  readonly #clients: readonly IpPrefix[];
  readonly #onGone: (record: FlowRecord) => void;
  readonly #index: FlowIndex;
  readonly #acts = new FlowActs();
  readonly #counts: Float64Array;
  /** The sequence number of each client's SYN; -1 when it was not seen. */
  readonly #initialSequences: Float64Array;
  /** 1: the client is the low end of the key. */
  readonly #clientLow: Uint8Array;
  /** 1: it had a packet since its turn to go came last. */
  readonly #fresh: Uint8Array;
  /** Rows given to flows so far, and, once that is all of them, whose turn to go it is. */
  #size = 0;
  #turn = 0;

  /** Addresses within `clients` are clients where a flow does not say so itself. `onGone` gets each flow that is forgotten. */
  constructor(
    capacity: number,
    clients: readonly IpPrefix[],
    onGone: (record: FlowRecord) => void,
  ) {
    this.#capacity = capacity;
    this.#clients = clients;
    this.#onGone = onGone;
    this.#index = new FlowIndex(capacity, BUCKETS);
    this.#counts = new Float64Array(capacity * ROW);
    this.#initialSequences = new Float64Array(capacity);
    this.#clientLow = new Uint8Array(capacity);
    this.#fresh = new Uint8Array(capacity);
  }

  /** The row of the flow of a packet that `view` has read, of a new flow if need be. Good until the next is asked for. */
  find(view: PacketView, frame: number): number {
    let row = this.#index.find(view);
    if (row === NO_ROW) {
      row = this.#freeRow();
      this.#index.put(row);
      this.#begin(row, view, frame);
    } else if (isOpening(view) && view.sequence !== this.#initialSequences[row]) {
      // The same ports again: another connection.
      this.#giveAway(row);
      this.#begin(row, view, frame);
    } else this.#fresh[row] = 1;
    return row;
  }

  numberOf(row: number): number {
    return this.#counts[row * ROW + NUMBER] ?? 0;
  }

  /** The rule that did something to the flow last; null when none did. */
  lastRule(row: number): string | null {
    return this.#acts.of(row).at(-1)?.rule ?? null;
  }

  /** Adds what became of a packet of the flow, which has so many bytes. */
  add(row: number, { frame, decision, injected, acts }: JudgedPacket, bytes: number): void {
    this.#counts[row * ROW + LAST_FRAME] = frame;
    this.#increase(row, PACKETS, 1);
    this.#increase(row, BYTES, bytes);
    if (injected > 0) this.#increase(row, INJECTED, injected);
    if (decision === 'drop') this.#increase(row, DROPPED, 1);
    else if (decision !== 'pass') this.#increase(row, ALTERED, 1);
    for (const act of acts) this.#acts.note(row, { ...act, frame });
  }

  /** Gives away all that are left. */
  close(): void {
    for (let row = 0; row < this.#size; row += 1) this.#giveAway(row);
    this.#size = 0;
  }

  #begin(row: number, view: PacketView, frame: number): void {
    this.count += 1;
    for (let at = row * ROW; at < (row + 1) * ROW; at += 1) this.#counts[at] = 0;
    this.#counts[row * ROW + NUMBER] = this.count;
    this.#counts[row * ROW + FIRST_FRAME] = frame;
    this.#initialSequences[row] = isOpening(view) ? view.sequence : -1;
    const isClientLow = isFromClient(view, this.#clients) === this.#index.isSourceLow;
    this.#clientLow[row] = isClientLow ? 1 : 0;
    this.#fresh[row] = 0;
  }

  #freeRow(): number {
    if (this.#size < this.#capacity) {
      this.#size += 1;
      return this.#size - 1;
    }
    // In a circle, the first without a packet since its last turn.
    while (this.#fresh[this.#turn] === 1) {
      this.#fresh[this.#turn] = 0;
      this.#turn = (this.#turn + 1) % this.#capacity;
    }
    const row = this.#turn;
    this.#turn = (row + 1) % this.#capacity;
    this.#giveAway(row);
    this.#index.free(row);
    return row;
  }

  #giveAway(row: number): void {
    const count = (which: number): number => this.#counts[row * ROW + which] ?? 0;
    this.#onGone(
      new FlowRecord(
        this.#index.keyOf(row),
        this.#clientLow[row] === 1,
        {
          number: count(NUMBER),
          firstFrame: count(FIRST_FRAME),
          lastFrame: count(LAST_FRAME),
          packets: count(PACKETS),
          bytes: count(BYTES),
          dropped: count(DROPPED),
          altered: count(ALTERED),
          injected: count(INJECTED),
        },
        this.#acts.of(row),
      ),
    );
    this.#acts.forget(row);
  }

  #increase(row: number, which: number, by: number): void {
    this.#counts[row * ROW + which] = (this.#counts[row * ROW + which] ?? 0) + by;
  }
}

const isOpening = (view: PacketView): boolean =>
  view.isTcp && (view.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === TCP_FLAG.SYN;
