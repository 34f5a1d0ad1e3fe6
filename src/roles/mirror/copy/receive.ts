// What a copy makes of a segment of the target, of which it has the header and perhaps the bytes.
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG, addSequence, sequenceDistance } from '../../../wire/tcp.ts';
import { type TcpOptionValues, readTcpOptions } from '../../../wire/tcp-options.ts';
import type { Copy } from './copy.ts';
import { flush, sayAgain } from './say.ts';

const { ACK, FIN, RST, SYN } = TCP_FLAG;
/** Further ahead than any window that we announce. */
const WINDOW = 0xffff * 2 ** 7;

/** False when the segment belongs to nothing that the copy knows. */
export function receive(copy: Copy, view: PacketView, now: number): boolean {
  switch (copy.state) {
    case 'new':
      return false;
    case 'syn-sent':
      receiveInSynSent(copy, view, now);
      return true;
    case 'open':
    case 'ending':
    case 'parting':
      receiveConnected(copy, view, now);
      return true;
    case 'parted':
    case 'over':
      return receiveAfterwards(copy, view, now);
  }
}

function receiveInSynSent(copy: Copy, view: PacketView, now: number): void {
  const { flags, acknowledgment, sequence, window } = view;
  const isOurs = has(view, ACK) && acknowledgment === copy.sequenceAt(copy.flight.acknowledged);
  if (has(view, RST)) {
    if (isOurs) copy.end('refused-by-target', '', false, now);
    return;
  }
  if (!isOurs) {
    // The target still has a connection with these ports, of which this acknowledgment is (RFC 5961 section 4).
    if (has(view, ACK)) copy.refuse(acknowledgment);
    return;
  }
  if ((flags & SYN) === 0) return;
  copy.meet(sequence, readTcpOptions(view.tcpOptions), window);
  if (copy.timer.expirations === 0) copy.timer.sample(now - copy.progressAt);
  copy.timer.progress();
  copy.timer.stop();
  copy.state = 'open';
  copy.acknowledger.require();
  flush(copy, now);
}

function receiveConnected(copy: Copy, view: PacketView, now: number): void {
  const { answers, acknowledger } = copy;
  if (has(view, RST)) {
    receiveReset(copy, view, now);
    return;
  }
  if (has(view, SYN)) {
    // Our acknowledgment of its SYN+ACK was lost.
    acknowledger.require();
    flush(copy, now);
    return;
  }
  const options = readTcpOptions(view.tcpOptions);
  noteTimestamps(copy, view, options);
  if (has(view, ACK)) receiveAcknowledgment(copy, view, now);
  receiveText(copy, view, now);
  if (copy.targetFin === answers.next && !copy.hasTargetEnded) {
    copy.hasTargetEnded = true;
    acknowledger.require();
  }
  flush(copy, now);
}

/** RFC 5961 section 3.2. */
function receiveReset(copy: Copy, view: PacketView, now: number): void {
  const start = sequenceDistance(view.sequence, copy.targetNext);
  if (start !== 0) {
    if (start > 0 && start < WINDOW) copy.acknowledge(now);
    return;
  }
  // All that was said has come, and the end of it: what the target does afterwards is its own business.
  if (copy.state === 'ending' && copy.position === copy.parts.outgoing.end) {
    copy.finish(false, now);
    return;
  }
  copy.part('reset-by-target');
  flush(copy, now);
}

function noteTimestamps(copy: Copy, view: PacketView, options: TcpOptionValues): void {
  const { timestamps, targetNext } = copy;
  if (timestamps.enabled && options.timestamps !== null)
    timestamps.note(options.timestamps.value, view.sequence, targetNext);
}

function receiveAcknowledgment(copy: Copy, view: PacketView, now: number): void {
  const { flight, timer } = copy;
  const place = copy.placeOf(view.acknowledgment);
  if (place > flight.highest || place < flight.acknowledged) return;
  const isNew = place > flight.acknowledged;
  const windowBefore = flight.window;
  noteWindow(copy, view, isNew);
  if (!isNew) {
    const isBare = view.payloadLength === 0 && !has(view, FIN);
    const isDuplicate = isBare && flight.size > 0 && flight.window === windowBefore;
    if (isDuplicate && flight.noteDuplicate()) sayAgain(copy, now);
    return;
  }
  if (copy.timed !== null && place >= copy.timed.place) {
    timer.sample(now - copy.timed.since);
    copy.timed = null;
  }
  timer.progress();
  timer.stop();
  copy.progressAt = now;
  if (flight.acknowledge(place)) sayAgain(copy, now);
}

/** Takes the window of a segment that is not older than the one before (RFC 9293 section 3.10.7.4). */
function noteWindow(copy: Copy, view: PacketView, isNew: boolean): void {
  const { sequence, acknowledgment, window } = view;
  const before = copy.windowAt;
  if (before !== null && !isNew) {
    const newer = sequenceDistance(sequence, before.sequence);
    const isLater =
      newer > 0 || (newer === 0 && sequenceDistance(acknowledgment, before.acknowledgment) >= 0);
    if (!isLater) return;
  }
  copy.windowAt = { sequence, acknowledgment };
  copy.flight.window = window * 2 ** copy.shift;
}

function receiveText(copy: Copy, view: PacketView, now: number): void {
  const { answers, acknowledger, gate } = copy;
  const { sequence, payloadLength } = view;
  // An answer of an earlier connection with the same ports.
  if (sequenceDistance(sequence, answers.next) > WINDOW) return;
  const end = addSequence(sequence, payloadLength);
  if (has(view, FIN) && sequenceDistance(end, answers.next) >= 0) copy.targetFin = end;
  if (payloadLength === 0) {
    // Its FIN again, or a probe of whether we are there, one byte before what is next.
    const isOld = sequenceDistance(sequence, copy.targetNext) < 0;
    if (has(view, FIN) || isOld) acknowledger.require();
    return;
  }
  const isWhole = view.payloadEnd - view.payloadStart === payloadLength;
  const before = answers.taken;
  const isInOrder = answers.add(sequence, payloadLength, isWhole ? view.payload : null, now);
  if (answers.taken > before) {
    gate.noteAnswer(now);
    acknowledger.noteData(answers.taken - before, now);
  }
  // What came ahead of a gap, or again, tells the target at once what is missing (RFC 5681 section 4.2).
  if (!isInOrder || answers.hasGap) acknowledger.require();
}

/** A FIN that is sent again finds its acknowledgment; the rest of an answer whose client is gone is acknowledged too. */
function receiveAfterwards(copy: Copy, view: PacketView, now: number): boolean {
  if (copy.state === 'over' && copy.isGone) return false;
  if (has(view, RST)) {
    if (copy.state === 'over') copy.isGone = true;
    return true;
  }
  receiveText(copy, view, now);
  copy.hasTargetEnded ||= copy.targetFin === copy.answers.next;
  if (copy.state === 'over') copy.lingersUntil = now + copy.lingerTime;
  if (view.payloadLength > 0 || has(view, FIN)) copy.acknowledge(now);
  return true;
}

const has = (view: PacketView, flag: number): boolean => (view.flags & flag) !== 0;
