// One of the two connections of an interception: a TCP that goes on in the place of the other end, and the bytes that cross to and from
// who speaks TLS.
import type { Random } from '../../base/random.ts';
import type { TcpEvent } from '../endpoint/tcp/event.ts';
import type { OpenConnection } from '../endpoint/tcp/open-connection.ts';
import { type TcpEnds, packetsOf } from '../endpoint/tcp/packets.ts';
import { type Tcp, createTcp } from '../endpoint/tcp/tcp.ts';
import type { PacketView } from '../../wire/packet.ts';
import { type InterceptionNews, type Side, UNDER_WAY_LIMIT } from './words.ts';

/** What one that announces nothing can take (RFC 9293 section 3.7.1). */
const DEFAULT_SEGMENT_SIZE = 536;
/** Bytes under way to one side. */
const CONGESTION_WINDOW = 131_072;
/** Acknowledged bytes are told in portions of this, and when nothing is left. */
const PORTION = 32_768;

export interface LegParts {
  readonly id: number;
  readonly side: Side;
  /** Of what is sent to the side: from the other's address. */
  readonly ends: TcpEnds;
  readonly random: Random;
  readonly tell: (news: InterceptionNews) => void;
  readonly emit: (packet: Uint8Array) => void;
}

export class Leg {
  readonly #parts: LegParts;
  readonly #tcp: Tcp;
  /** Bytes that were sent and not acknowledged, and those acknowledged and not told. */
  #outstanding = 0;
  #acknowledged = 0;
  /** Bytes that were told and not used yet. */
  #told = 0;
  #hasPeerFinished = false;
  #hasToldEnd = false;

  constructor(parts: LegParts, open: OpenConnection, now: number) {
    this.#parts = parts;
    this.#tcp = createTcp({
      settings: {
        maximumSegmentSize: open.own.offer.maximumSegmentSize ?? DEFAULT_SEGMENT_SIZE,
        congestionWindow: CONGESTION_WINDOW,
      },
      random: parts.random,
      output: {
        emit: (segment) => {
          for (const packet of packetsOf(segment, parts.ends)) parts.emit(packet);
        },
        report: (event) => this.#note(event),
      },
    });
    this.#tcp.adopt(open, now);
  }

  get nextDue(): number {
    return this.#tcp.nextDue;
  }

  get isOver(): boolean {
    return this.#tcp.state === 'closed';
  }

  receive(view: PacketView, now: number): void {
    this.#tcp.receive(view, now);
    this.#settle(now);
  }

  tick(now: number): void {
    this.#tcp.tick(now);
    this.#settle(now);
  }

  send(bytes: Uint8Array, now: number): void {
    if (this.#tcp.send(bytes, now)) this.#outstanding += bytes.length;
  }

  /** So many bytes of what was told were used. */
  noteUsed(bytes: number, now: number): void {
    this.#told -= bytes;
    this.#settle(now);
  }

  end(now: number): void {
    this.#tcp.close(now);
  }

  reset(now: number): void {
    this.#tcp.reset(now);
  }

  /** Tells what came, as much as may be under way. */
  #settle(now: number): void {
    const { id, side, tell } = this.#parts;
    const { available } = this.#tcp.numbers;
    const room = UNDER_WAY_LIMIT - this.#told;
    if (available > 0 && room > 0) {
      const bytes = new Uint8Array(this.#tcp.read(now, room));
      this.#told += bytes.length;
      tell({ kind: 'data', id, side, bytes });
    }
    if (!this.#hasPeerFinished || this.#hasToldEnd || available > room) return;
    this.#hasToldEnd = true;
    tell({ kind: 'end', id, side });
  }

  #note(event: TcpEvent): void {
    switch (event.kind) {
      case 'acked':
        this.#noteAcknowledged(event.bytes);
        return;
      case 'fin':
        this.#hasPeerFinished = true;
        return;
      case 'closed': {
        const { id, side, tell } = this.#parts;
        if (event.how === 'received-reset') tell({ kind: 'gone', id, side, how: 'reset' });
        if (event.how === 'timeout') tell({ kind: 'gone', id, side, how: 'timeout' });
        return;
      }
      case 'segment':
      case 'dropped':
      case 'established':
      case 'data':
      case 'reset':
      case 'timeout':
        return;
    }
  }

  /** A FIN of ours counts one, which nobody has sent. */
  #noteAcknowledged(bytes: number): void {
    const { id, side, tell } = this.#parts;
    const known = Math.min(bytes, this.#outstanding);
    this.#outstanding -= known;
    this.#acknowledged += known;
    if (this.#acknowledged === 0) return;
    if (this.#acknowledged < PORTION && this.#outstanding > 0) return;
    tell({ kind: 'sent', id, side, bytes: this.#acknowledged });
    this.#acknowledged = 0;
  }
}
