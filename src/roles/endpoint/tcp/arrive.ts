// What a connection makes of a segment: RFC 9293 section 3.10.7, with RFC 5961 (resets and SYNs that somebody else may have sent)
// and RFC 7323 section 5 (timestamps). It never answers with a reset: what is scripted decides that.
import { TCP_FLAG, addSequence, sequenceDistance } from '../../../wire/tcp.ts';
import type { Connection } from './connection.ts';
import type { Arrival, ResetVerdict } from './event.ts';
import { retransmitFirst } from './flush.ts';
import { takeText } from './take-text.ts';

const { ACK, FIN, RST, SYN } = TCP_FLAG;

/** `flush` is called afterwards. */
export function arrive(connection: Connection, arrival: Arrival, now: number): void {
  switch (connection.state) {
    case 'closed':
      if (has(arrival, RST)) reportReset(connection, arrival, 'outside');
      return;
    case 'listen':
      arriveInListen(connection, arrival, now);
      return;
    case 'syn-sent':
      arriveInSynSent(connection, arrival, now);
      return;
    case 'syn-received':
    case 'established':
    case 'fin-wait-1':
    case 'fin-wait-2':
    case 'close-wait':
    case 'closing':
    case 'last-ack':
    case 'time-wait':
      arriveSynchronized(connection, arrival, now);
  }
}

/** Section 3.10.7.2. Data in a SYN is left to be sent again (no RFC 7413). */
function arriveInListen(connection: Connection, arrival: Arrival, now: number): void {
  const { sequence, window } = arrival.segment;
  if (has(arrival, RST)) reportReset(connection, arrival, 'outside');
  if (has(arrival, RST) || has(arrival, ACK) || !has(arrival, SYN)) return;
  connection.meetPeer(sequence, arrival.options);
  connection.sender.setWindow(sequence, 0, window);
  connection.state = 'syn-received';
  sendSynAck(connection, now);
}

/** Section 3.10.7.3. */
function arriveInSynSent(connection: Connection, arrival: Arrival, now: number): void {
  const { sender } = connection;
  const { sequence, acknowledgment, window } = arrival.segment;
  const isAcknowledged =
    has(arrival, ACK) &&
    sequenceDistance(acknowledgment, sender.initial) > 0 &&
    sequenceDistance(acknowledgment, sender.queue.next) <= 0;
  if (has(arrival, RST)) {
    reportReset(connection, arrival, isAcknowledged ? 'exact' : 'outside');
    return;
  }
  if (!has(arrival, SYN) || (has(arrival, ACK) && !isAcknowledged)) return;
  connection.meetPeer(sequence, arrival.options);
  sender.setWindow(sequence, acknowledgment, window);
  if (!isAcknowledged) {
    // Both opened at once: our SYN is acknowledged in its own time.
    connection.state = 'syn-received';
    retransmitSynAck(connection, now);
    return;
  }
  takeAcknowledgment(connection, arrival, now);
  establish(connection);
  connection.acknowledger.require();
}

/** Section 3.10.7.4. */
function arriveSynchronized(connection: Connection, arrival: Arrival, now: number): void {
  const { timestamps, buffer, acknowledger } = connection;
  const { segment, options } = arrival;
  const stamp = timestamps.enabled ? options.timestamps : null;
  const isOld = stamp !== null && timestamps.isOld(stamp.value);
  if (has(arrival, RST)) {
    takeReset(connection, arrival);
    return;
  }
  if (isOld || !isAcceptable(connection, arrival)) {
    refuse(connection, arrival, now);
    return;
  }
  if (stamp !== null) timestamps.note(stamp.value, segment.sequence, connection.acknowledged);
  if (has(arrival, SYN)) {
    // "TCP MUST send an ACK", whatever its sequence number (RFC 5961 section 4.2).
    acknowledger.require();
    return;
  }
  if (!has(arrival, ACK) || !takeAcknowledgment(connection, arrival, now)) return;
  if (connection.state === 'syn-received') establish(connection);
  noteOwnFinAcknowledged(connection, now);
  if (connection.state === 'closed') return;
  const before = buffer.next;
  takeText(connection, arrival, now);
  if (before !== buffer.next && connection.peerFin === addSequence(buffer.next, -1))
    notePeerFin(connection, now);
}

/** "If an incoming segment is not acceptable, an acknowledgment should be sent in reply". */
function refuse(connection: Connection, arrival: Arrival, now: number): void {
  const { state, peerInitial, acknowledger, settings } = connection;
  const isSynAgain = has(arrival, SYN) && arrival.segment.sequence === peerInitial;
  // A SYN+ACK, of one that opened at the same time, is answered by a bare acknowledgment, or both would go on for ever.
  if (state === 'syn-received' && isSynAgain && !has(arrival, ACK)) {
    retransmitSynAck(connection, now);
    return;
  }
  if (state === 'time-wait' && has(arrival, FIN))
    connection.timeWaitUntil = now + settings.timeWait;
  acknowledger.require();
}

/** The four cases of section 3.4. */
function isAcceptable({ buffer }: Connection, arrival: Arrival): boolean {
  const { sequence } = arrival.segment;
  const length = arrival.payload.length + (has(arrival, SYN) ? 1 : 0) + (has(arrival, FIN) ? 1 : 0);
  const start = sequenceDistance(sequence, buffer.next);
  const { window } = buffer;
  if (length === 0) return start === 0 || (start > 0 && start < window);
  if (window === 0) return false;
  return start < window && start + length > 0;
}

/** RFC 5961 section 3.2. */
function takeReset(connection: Connection, arrival: Arrival): void {
  const { buffer, acknowledger } = connection;
  const start = sequenceDistance(arrival.segment.sequence, buffer.next);
  if (start === 0) {
    reportReset(connection, arrival, 'exact');
    return;
  }
  const isInWindow = start > 0 && start < buffer.window;
  if (isInWindow) acknowledger.require();
  reportReset(connection, arrival, isInWindow ? 'in-window' : 'outside');
}

function reportReset(connection: Connection, { segment }: Arrival, verdict: ResetVerdict): void {
  connection.output.report({ kind: 'reset', verdict, segment });
  if (verdict === 'exact' && connection.policy.resets === 'obey') connection.end('received-reset');
}

/** Takes acknowledgment and window. False when the segment acknowledges what was never sent. */
function takeAcknowledgment(connection: Connection, arrival: Arrival, now: number): boolean {
  const { sender, timer, timestamps, acknowledger, output } = connection;
  const { sequence, acknowledgment, window } = arrival.segment;
  const { queue } = sender;
  const before = queue.unacknowledged;
  const done = queue.acknowledge(acknowledgment);
  if (done === 'beyond') {
    acknowledger.require();
    return false;
  }
  const bytes = sequenceDistance(queue.unacknowledged, before);
  const isDuplicate = bytes === 0 && acknowledgment === before && repeats(connection, arrival);
  if (!has(arrival, SYN)) sender.noteWindow(sequence, acknowledgment, window, bytes > 0);
  if (bytes === 0) {
    timer.progress();
    if (isDuplicate && sender.noteDuplicate()) retransmitFirst(connection, now);
    return connection.state !== 'syn-received';
  }
  const latest = done.at(-1);
  const echo = timestamps.enabled ? (arrival.options.timestamps?.echo ?? 0) : 0;
  // "RTT samples MUST NOT be made using segments that were retransmitted" unless a timestamp tells them apart (RFC 6298 section 3).
  if (latest?.transmissions === 1) timer.sample(now - latest.sentAt);
  else if (echo !== 0) timer.sample(timestamps.roundTrip(echo, now));
  timer.progress();
  timer.stop();
  if (sender.noteProgress()) retransmitFirst(connection, now);
  output.report({ kind: 'acked', acknowledgment, bytes });
  return true;
}

/** What makes a duplicate acknowledgment of one that acknowledges nothing new (RFC 5681 section 2). */
function repeats({ sender }: Connection, arrival: Arrival): boolean {
  const isBare = arrival.payload.length === 0 && !has(arrival, FIN);
  const window = arrival.segment.window * 2 ** sender.shift;
  return isBare && sender.queue.flight > 0 && window === sender.window;
}

function establish(connection: Connection): void {
  connection.state = 'established';
  connection.output.report({ kind: 'established' });
}

function noteOwnFinAcknowledged(connection: Connection, now: number): void {
  const { finSequence, unacknowledged } = connection.sender.queue;
  if (finSequence === null || sequenceDistance(unacknowledged, finSequence) <= 0) return;
  if (connection.state === 'fin-wait-1') connection.state = 'fin-wait-2';
  if (connection.state === 'closing') wait(connection, now);
  if (connection.state === 'last-ack') connection.end('fin');
}

/** All of the peer's stream is here. */
function notePeerFin(connection: Connection, now: number): void {
  connection.output.report({ kind: 'fin' });
  connection.acknowledger.require();
  if (connection.state === 'established') connection.state = 'close-wait';
  else if (connection.state === 'fin-wait-1') connection.state = 'closing';
  else if (connection.state === 'fin-wait-2') wait(connection, now);
}

function wait(connection: Connection, now: number): void {
  connection.state = 'time-wait';
  connection.timeWaitUntil = now + connection.settings.timeWait;
}

function sendSynAck(connection: Connection, now: number): void {
  if (connection.policy.handshake === 'script') return;
  const { next } = connection.sender.queue;
  connection.transmit({ sequence: next, flags: SYN | ACK, origin: 'stack' }, now);
}

function retransmitSynAck(connection: Connection, now: number): void {
  if (connection.policy.handshake === 'stack') retransmitFirst(connection, now);
}

const has = (arrival: Arrival, flag: number): boolean => (arrival.segment.flags & flag) !== 0;
