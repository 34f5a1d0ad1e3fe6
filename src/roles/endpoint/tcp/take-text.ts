// The bytes of a segment that was accepted, and the FIN after them: RFC 9293 section 3.10.7.4, the seventh and eighth check.
import { TCP_FLAG, addSequence, sequenceDistance } from '../../../wire/tcp.ts';
import type { Connection } from './connection.ts';
import type { Arrival } from './event.ts';

/** Puts bytes in order. RCV.NXT counts the peer's FIN as soon as it has all before it. */
export function takeText(connection: Connection, arrival: Arrival, now: number): void {
  const { buffer, acknowledger, output } = connection;
  const { segment, payload } = arrival;
  const isFin = (segment.flags & TCP_FLAG.FIN) !== 0;
  if (connection.peerFin !== null && buffer.next === addSequence(connection.peerFin, 1)) return;
  const end = addSequence(segment.sequence, payload.length);
  const room = sequenceDistance(addSequence(buffer.next, buffer.window), end);
  if (isFin && room > 0) connection.peerFin = end;
  const arrived = buffer.add(segment.sequence, payload);
  if (arrived > 0) {
    acknowledger.noteData(arrived, now);
    output.report({ kind: 'data', available: buffer.available });
  }
  // What came ahead of a gap, or again, tells the peer at once what is missing (RFC 5681 section 4.2).
  if (payload.length > 0 && (arrived === 0 || buffer.hasGap)) acknowledger.require();
  if (buffer.next === connection.peerFin) buffer.next = addSequence(buffer.next, 1);
}
