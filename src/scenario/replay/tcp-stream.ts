// What one side of a TCP connection sent, each byte once and in order, in the segments that carried it first (RFC 9293
// section 3.10.7.4). Sent again, probed and overlapping bytes are dropped; what came late is put where it belongs.
import { addSequence, sequenceDistance, TCP_FLAG } from '../../wire/tcp.ts';
import type { SentPacket } from './conversations.ts';

/** A run of bytes as one segment carried it. Positions count from the first byte of the stream. */
export interface StreamPiece {
  readonly from: number;
  readonly to: number;
  /** As much as the capture kept. */
  readonly bytes: Uint8Array;
  /** Milliseconds since the first packet of the file: when it left, as near as can be told. */
  readonly time: number;
  readonly frame: number;
}

export interface Stream {
  /** Without gaps where the capture has none. */
  readonly pieces: readonly StreamPiece[];
  readonly fin: SentPacket | null;
  readonly reset: SentPacket | null;
}

/** `packets` are those of one side, in order of time. */
export function readStream(packets: readonly SentPacket[]): Stream {
  const pieces: StreamPiece[] = [];
  const origin = originOf(packets);
  let near = 0;
  for (const packet of packets) {
    if (packet.tcp === null || packet.payloadLength === 0) continue;
    const isSyn = (packet.tcp.flags & TCP_FLAG.SYN) !== 0;
    const first = addSequence(packet.tcp.sequence, isSyn ? 1 : 0);
    const from = near + sequenceDistance(first, addSequence(origin, near));
    near = Math.max(near, from);
    insert(pieces, packet, from);
  }
  return {
    pieces: inOrderOfLeaving(pieces),
    fin: firstWith(packets, TCP_FLAG.FIN),
    reset: firstWith(packets, TCP_FLAG.RST),
  };
}

/** The sequence number of the stream's first byte, or of the first that was captured. */
function originOf(packets: readonly SentPacket[]): number {
  const syn = firstWith(packets, TCP_FLAG.SYN)?.tcp;
  if (syn) return addSequence(syn.sequence, 1);
  const [first] = packets.filter(({ tcp, payloadLength }) => tcp !== null && payloadLength > 0);
  return first?.tcp?.sequence ?? 0;
}

const firstWith = (packets: readonly SentPacket[], flag: number): SentPacket | null =>
  packets.find(({ tcp }) => tcp !== null && (tcp.flags & flag) !== 0) ?? null;

/** Puts in what is new of the packet's bytes: the first copy of a byte is the one that counts. */
function insert(pieces: StreamPiece[], packet: SentPacket, start: number): void {
  const end = start + packet.payloadLength;
  let at = Math.max(start, 0);
  let place = pieces.length;
  while (place > 0 && (pieces[place - 1]?.to ?? 0) > at) place -= 1;
  while (at < end) {
    const next = pieces[place];
    const to = Math.min(end, next?.from ?? Infinity);
    if (to > at) {
      const bytes = packet.payload.subarray(at - start, to - start);
      pieces.splice(place, 0, { from: at, to, bytes, time: packet.time, frame: packet.frame });
      place += 1;
    }
    at = Math.max(at, next?.to ?? end);
    place += 1;
  }
}

/** What comes later in the stream did not leave earlier: its time is a bound for all before it. */
function inOrderOfLeaving(pieces: readonly StreamPiece[]): readonly StreamPiece[] {
  let bound = Infinity;
  const ordered = pieces.map((piece) => piece);
  for (const [index, piece] of [...pieces.entries()].reverse()) {
    bound = Math.min(bound, piece.time);
    ordered[index] = { ...piece, time: bound };
  }
  return ordered;
}
