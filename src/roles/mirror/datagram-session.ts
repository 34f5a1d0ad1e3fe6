// A client of a UDP server, as far as its port tells: each datagram goes to the target as it is, and nothing comes back but the answers.
import { buildUdp } from '../../wire/build.ts';
import { readU8 } from '../../wire/bytes.ts';
import { fragmentPacket } from '../../wire/fragment.ts';
import { IPV4 } from '../../wire/ipv4.ts';
import { FRAGMENT, IPV6 } from '../../wire/ipv6.ts';
import type { PacketView } from '../../wire/packet.ts';
import { NEVER } from '../endpoint/tcp/settings.ts';
import { describeEnd } from './ends.ts';
import { NO_WORDS } from './no-words.ts';
import type { Words } from './mirror-port.ts';
import type { CopyPlace, Session, SessionParts } from './session.ts';

/** Milliseconds of silence after which a client's port counts as another's. */
const LONGEST_SILENCE = 60_000;

export class DatagramSession implements Session {
  isOver = false;
  readonly #parts: SessionParts;
  #copied = 0;
  /** Datagrams of the client. */
  #turn = 0;
  /** Bytes that could not be sent on: the capture had cut them off. */
  #short = 0;
  #lastSeen: number;
  #nextId: number;

  constructor(parts: SessionParts, view: PacketView, now: number) {
    this.#parts = parts;
    this.#lastSeen = now;
    this.#nextId = parts.random.below(2 ** 16);
    for (const place of parts.copies) this.#tellOpened(place, view, now);
  }

  fromClient(view: PacketView, now: number): void {
    const { payload, payloadLength } = view;
    this.#lastSeen = now;
    this.#copied += payloadLength;
    const isKept = payload.length === payloadLength;
    this.#turn += 1;
    this.#tell({ from: 'client', turn: this.#turn, ...lengthAndBytes(view) }, now);
    if (!isKept) this.#short += payloadLength;
    else for (const place of this.#parts.copies) this.#send(place, payload, now);
  }

  fromOnline(view: PacketView, now: number): void {
    this.#tell({ from: 'online', ...lengthAndBytes(view) }, now);
  }

  fromTarget(index: number, view: PacketView, now: number): boolean {
    const place = this.#parts.copies[index];
    if (place === undefined) return false;
    this.#tell({ from: 'target', copy: place.number, ...lengthAndBytes(view) }, now);
    return true;
  }

  /** No datagram begins a session. */
  isOpenedBy(): boolean {
    return true;
  }

  replace(now: number): void {
    this.#end('finished', now);
  }

  get nextDue(): number {
    return this.isOver ? NEVER : this.#lastSeen + this.#silence;
  }

  expire(now: number): void {
    if (now >= this.#lastSeen + this.#silence) this.#end('finished', now);
  }

  stop(now: number): void {
    this.#end('stopped', now);
  }

  /** Microseconds. */
  get #silence(): number {
    return Math.min(LONGEST_SILENCE, this.#parts.spec.timeouts.idle) * 1000;
  }

  #send({ ends, number }: CopyPlace, payload: Uint8Array, now: number): void {
    const { length } = payload;
    this.#tell({ from: 'copy', copy: number, turn: this.#turn, length, bytes: payload }, now);
    const { tally, port, spec } = this.#parts;
    this.#nextId = (this.#nextId + 1) & 0xffff;
    const { mtu } = spec.limits;
    const packet = buildUdp({ ...ends, payload, id: this.#nextId, dontFragment: false });
    const packets =
      packet.length <= mtu ? [packet] : fragmentPacket(packet, piecesOf(packet, mtu), this.#nextId);
    for (const one of packets) {
      tally.sent += 1;
      port.send(one);
    }
  }

  #end(ending: 'finished' | 'stopped', now: number): void {
    if (this.isOver) return;
    this.isOver = true;
    const { copies, port, tally } = this.#parts;
    this.#tell({ from: 'client', isEnd: true }, now);
    for (const { number } of copies) {
      const outcome = {
        ending,
        detail: '',
        copied: this.#copied,
        sent: this.#copied - this.#short,
        short: this.#short,
        reopened: 0,
        retransmitted: 0,
        unanswered: 0,
      };
      tally.noteOutcome(outcome);
      port.tell({ kind: 'ended', time: now, copy: number, ...outcome });
      this.#tell({ from: 'target', copy: number, isEnd: true }, now);
    }
  }

  #tell(said: Partial<Words> & Pick<Words, 'from'>, now: number): void {
    const { spec, port, number } = this.#parts;
    if (spec.compare === null) return;
    port.heard({ ...NO_WORDS, ...said, session: number, time: now });
  }

  #tellOpened({ number, ends }: CopyPlace, view: PacketView, now: number): void {
    this.#parts.tally.begun += 1;
    this.#parts.port.tell({
      kind: 'opened',
      time: now,
      copy: number,
      client: describeEnd(view.source, view.sourcePort),
      as: describeEnd(ends.source, ends.sourcePort),
      isWhole: true,
    });
  }
}

/** Bytes that each fragment carries but the last. */
function piecesOf(packet: Uint8Array, mtu: number): readonly number[] {
  const isV4 = readU8(packet, 0) >>> 4 === 4;
  const room = (mtu - (isV4 ? IPV4.headerLength : IPV6.headerLength + FRAGMENT.length)) & ~7;
  return Array.from({ length: Math.ceil(packet.length / room) }, () => room);
}

const lengthAndBytes = ({
  payload,
  payloadLength,
}: PacketView): Pick<Words, 'length' | 'bytes'> => ({
  length: payloadLength,
  bytes: payload.length === payloadLength ? payload : null,
});
