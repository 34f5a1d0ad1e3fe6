// One packet in one capture, as far as its way through the lab can be told from it.
import { PacketView } from '../wire/packet.ts';
import { TCP, TCP_FLAG, addSequence, parseTcpOptions } from '../wire/tcp.ts';
import { readU32 } from '../wire/bytes.ts';
import { verifyTransportChecksum } from '../wire/verify.ts';

/** Where and when a packet was seen. */
export type PacketPlace = Pick<SeenPacket, 'capture' | 'frame' | 'time'>;

/** A class for its size alone: there may be millions, and a method costs nothing where a closure would. */
export class SeenPacket {
  /** The capture that holds it: `client.inside`. */
  readonly capture: string;
  /** Frame number in the capture, from 1. */
  readonly frame: number;
  /** Microseconds since the epoch. */
  readonly time: number;
  /** From the side that began the conversation. */
  readonly forward: boolean;
  readonly ttl: number;
  /** IPv4 identification; 0 for IPv6. */
  readonly ipId: number;
  /** Zero in UDP, like all that only TCP has. */
  readonly sequence: number;
  readonly acknowledgment: number;
  /** Bits of `TCP_FLAG`. */
  readonly flags: number;
  /** TSval of the timestamps option (RFC 7323), or null: tells a retransmission from its original. */
  readonly timestamp: number | null;
  /** Bytes of payload on the wire. */
  readonly length: number;
  /** Hash of the payload, or null when the capture cut it. */
  readonly digest: number | null;
  readonly #memory: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #payloadStart: number;
  readonly #payloadEnd: number;

  /** `view` holds the packet at the moment; the capture's memory stays. */
  constructor(view: PacketView, place: PacketPlace, forward: boolean) {
    const { memory, payloadStart, payloadEnd, payloadLength } = view;
    const isWhole = payloadEnd - payloadStart >= payloadLength;
    this.capture = place.capture;
    this.frame = place.frame;
    this.time = place.time;
    this.forward = forward;
    this.ttl = view.ttl;
    this.ipId = view.ipId;
    this.sequence = view.sequence;
    this.acknowledgment = view.acknowledgment;
    this.flags = view.flags;
    this.timestamp = view.isTcp ? readTimestamp(view) : null;
    this.length = payloadLength;
    this.digest = isWhole ? digestOf(memory, payloadStart, payloadEnd) : null;
    this.#memory = memory;
    this.#start = view.start;
    this.#end = view.end;
    this.#payloadStart = payloadStart;
    this.#payloadEnd = payloadEnd;
  }

  /** A view of the captured payload. */
  payload(): Uint8Array {
    return this.#memory.subarray(this.#payloadStart, this.#payloadEnd);
  }

  /** The TCP window as in the header, not scaled. */
  window(): number {
    const view = new PacketView();
    return view.load(this.#memory, this.#start, this.#end) ? view.window : 0;
  }

  /** False when the transport checksum is known to be wrong. */
  intact(): boolean {
    if (this.digest === null) return true;
    const view = new PacketView();
    if (!view.load(this.#memory, this.#start, this.#end)) return true;
    return verifyTransportChecksum(view) !== 'invalid';
  }
}

export const has = (packet: SeenPacket, flag: keyof typeof TCP_FLAG): boolean =>
  (packet.flags & TCP_FLAG[flag]) !== 0;

/** The sequence number after this segment: SYN and FIN count one each (RFC 9293 section 3.4). */
export const sequenceEnd = (packet: SeenPacket): number =>
  addSequence(
    packet.sequence,
    packet.length + (has(packet, 'SYN') ? 1 : 0) + (has(packet, 'FIN') ? 1 : 0),
  );

const TIMESTAMPS = 8;
/** NOP, NOP, kind 8, length 10: how nearly every stack writes the option, alone. */
const USUAL_TIMESTAMPS = 0x0101080a;

function readTimestamp({ memory, transportStart, payloadStart }: PacketView): number | null {
  const options = transportStart + TCP.headerLength;
  if (payloadStart - options < 10) return null;
  if (readU32(memory, options) === USUAL_TIMESTAMPS) return readU32(memory, options + 4);
  const found = parseTcpOptions(memory.subarray(options, payloadStart)).find(
    ({ kind }) => kind === TIMESTAMPS,
  );
  return found && found.data.length >= 4 ? readU32(found.data, 0) : null;
}

/** FNV-1a over 32-bit words, then over what is left in bytes. */
function digestOf(memory: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word =
      ((memory[at] ?? 0) << 24) |
      ((memory[at + 1] ?? 0) << 16) |
      ((memory[at + 2] ?? 0) << 8) |
      (memory[at + 3] ?? 0);
    hash = Math.imul(hash ^ word, 0x01000193);
    // Multiplication carries upwards only: without this the high bytes of a word would hardly be mixed.
    hash ^= hash >>> 15;
  }
  for (; at < end; at += 1) hash = Math.imul(hash ^ (memory[at] ?? 0), 0x01000193);
  return hash >>> 0;
}
