// What a copy says by itself: all that the client has said, as the target's window and answers let it, then the end, and what timers call for.
import type { CopyEnding } from '../../../model/mirror-record.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { NEVER } from '../../endpoint/tcp/settings.ts';
import type { Copy } from './copy.ts';

const { ACK, FIN, PSH } = TCP_FLAG;
const NOTHING = new Uint8Array(0);

/** Says all that may be said now. Called at the end of everything that happens to a copy. */
export function flush(copy: Copy, now: number): void {
  copy.gate.due = NEVER;
  if (copy.state === 'new') copy.connect(0, now);
  if (copy.isConnected) sayAll(copy, now);
  if (copy.isConnected) settleEnd(copy, now);
  if (copy.state === 'parted') resume(copy, now);
  if (copy.isConnected && copy.acknowledger.isWanted) copy.acknowledge(now);
  setTimer(copy, now);
}

/** When `expire` is to be called, microseconds since the epoch. */
export function nextDue(copy: Copy): number {
  if (copy.isGone) return NEVER;
  return Math.min(
    copy.timer.due,
    copy.acknowledger.due,
    copy.gate.due,
    copy.lingersUntil,
    deadline(copy),
  );
}

/** Lets timers run out that are due. */
export function expire(copy: Copy, now: number): void {
  if (copy.isGone) return;
  if (now >= copy.lingersUntil) {
    if (!copy.hasTargetEnded) copy.reset(now);
    copy.lingersUntil = NEVER;
    copy.isGone = true;
    return;
  }
  if (copy.state === 'over') return;
  if (now >= deadline(copy)) {
    giveUp(copy, overdue(copy), '', now);
    return;
  }
  copy.acknowledger.expire(now);
  if (now >= copy.timer.due) expireTimer(copy, now);
  flush(copy, now);
}

/** The connection is reset at the target, and the copy is over. */
export function giveUp(copy: Copy, ending: CopyEnding, detail: string, now: number): void {
  if (copy.state === 'over') return;
  copy.reset(now);
  copy.end(ending, detail, false, now);
}

/** Says the first segment again that the target lacks. */
export function sayAgain(copy: Copy, now: number): void {
  const { flight } = copy;
  copy.timed = null;
  if (flight.size <= 0) return;
  const place = flight.acknowledged;
  if (place === copy.fin) {
    copy.segment(place, FIN, NOTHING, now, true);
    return;
  }
  const piece = copy.parts.outgoing.at(place);
  if (!piece?.bytes) return;
  const size = Math.min(copy.segmentSize, piece.end - place, flight.highest - place);
  sayPart(copy, place, size, now);
}

function sayAll(copy: Copy, now: number): void {
  const { flight, gate } = copy;
  const { outgoing } = copy.parts;
  // What comes after our FIN is for another connection.
  const limit = copy.fin ?? outgoing.end;
  while (flight.next < limit) {
    const piece = outgoing.at(flight.next);
    if (!piece?.bytes) return;
    const isNew = flight.next >= flight.highest;
    if (isNew && !gate.lets(piece.answered, copy.answeredBytes, now)) return;
    // The target has closed, and this begins a request: it is for another connection.
    if (isNew && copy.hasTargetEnded && piece.opens && piece.start === flight.next) return;
    const wished = Math.min(copy.segmentSize, piece.end - flight.next);
    const size = Math.min(wished, flight.room);
    // A window smaller than the segment is used only when no acknowledgment can open it (RFC 9293 section 3.8.6.2.1).
    if (size <= 0 || (size < wished && flight.size > 0)) return;
    sayPart(copy, flight.next, size, now);
    flight.advance(flight.next + size);
  }
}

function sayPart(copy: Copy, place: number, size: number, now: number): void {
  const { flight, parts } = copy;
  const piece = parts.outgoing.at(place);
  if (!piece?.bytes) return;
  const from = place - piece.start;
  const isAgain = place < flight.highest;
  if (!isAgain) copy.timed ??= { place: place + size, since: now };
  const flags = place + size === piece.end ? ACK | PSH : ACK;
  const fresh = Math.max(place, flight.highest) - piece.start;
  if (fresh < from + size) parts.said(piece.bytes.subarray(fresh, from + size), piece.turn, now);
  copy.segment(place, flags, piece.bytes.subarray(from, from + size), now, isAgain);
}

/** FIN when all was said, or when the target has closed between two requests; and what is to be done when it was acknowledged. */
function settleEnd(copy: Copy, now: number): void {
  const { flight, parts, fin } = copy;
  const { outgoing } = parts;
  if (fin === null) {
    const isAtHole = flight.next < outgoing.end && outgoing.at(flight.next)?.bytes === null;
    if (isAtHole && flight.size === 0) {
      copy.reset(now);
      copy.part('capture-loss');
    } else if (outgoing.aborted !== null && flight.acknowledged === outgoing.end)
      giveUp(copy, outgoing.aborted, '', now);
    else if (mayEnd(copy, now)) sayEnd(copy, 'ending', now);
    else if (copy.hasTargetEnded && copy.isBetweenRequests) sayEnd(copy, 'parting', now);
    return;
  }
  if (flight.acknowledged <= fin) {
    // It was taken back with what went before it.
    if (flight.next === fin) sayEnd(copy, copy.state, now);
    return;
  }
  // Its own end may have come with the acknowledgment of ours.
  if (copy.acknowledger.isWanted) copy.acknowledge(now);
  if (copy.state === 'ending') copy.finish(true, now);
  else copy.part('closed-by-target');
}

function mayEnd(copy: Copy, now: number): boolean {
  const { flight, gate, parts } = copy;
  const { finished, end } = parts.outgoing;
  if (finished === null || flight.next !== end) return false;
  // The client may have acknowledged that the online server has ended, which counts one; the target need not have.
  return gate.lets(finished - 1, copy.answeredBytes, now);
}

function sayEnd(copy: Copy, state: Copy['state'], now: number): void {
  const { flight } = copy;
  copy.state = state;
  copy.fin = flight.next;
  copy.segment(flight.next, FIN, NOTHING, now, flight.next < flight.highest);
  flight.advance(flight.next + 1);
}

/** Goes on in another connection with the next request, or ends when there will be none. */
function resume(copy: Copy, now: number): void {
  const { outgoing, spec } = copy.parts;
  const last = copy.flight.acknowledged;
  const place = outgoing.openingFrom(last);
  copy.pass(place ?? outgoing.end);
  if (place === null) {
    if (outgoing.aborted !== null) copy.end(copy.loss ?? outgoing.aborted, '', false, now);
    else if (outgoing.finished !== null) copy.finish(false, now);
    return;
  }
  if (copy.reopened >= spec.limits.reopens) {
    copy.end(copy.loss ?? copy.cause, '', false, now);
    return;
  }
  copy.reopened += 1;
  copy.renumber(last);
  copy.connect(place, now);
}

function expireTimer(copy: Copy, now: number): void {
  const { timer, flight } = copy;
  if (copy.state === 'syn-sent') {
    timer.backOff(now);
    copy.sendSyn(true, now);
    return;
  }
  timer.backOff(now);
  if (flight.size > 0) {
    copy.timed = null;
    // Of a window that closed over what is under way the first byte is enough to ask (RFC 9293 section 3.8.6.1).
    if (flight.window > 0) flight.goBack();
    else sayAgain(copy, now);
    return;
  }
  copy.segment(flight.acknowledged - 1, ACK, NOTHING, now, true);
}

function setTimer(copy: Copy, now: number): void {
  const { timer, flight } = copy;
  const isWaiting =
    copy.state === 'syn-sent' || (copy.isConnected && (flight.size > 0 || isBlocked(copy)));
  if (!isWaiting) {
    timer.stop();
    copy.progressAt = NEVER;
    return;
  }
  if (copy.progressAt === NEVER) copy.progressAt = now;
  if (timer.due === NEVER) timer.start(now);
}

/** Whether something waits for a window that is closed while nothing is under way: time to probe it. */
function isBlocked(copy: Copy): boolean {
  const { flight, parts, gate } = copy;
  return (
    gate.due === NEVER && flight.window === 0 && flight.next < (copy.fin ?? parts.outgoing.end)
  );
}

function deadline(copy: Copy): number {
  const { establish, stall, closing } = copy.parts.spec.timeouts;
  if (copy.state === 'syn-sent') return copy.progressAt + establish * 1000;
  const isEnding = copy.fin !== null && copy.flight.acknowledged === copy.fin;
  return copy.progressAt + (isEnding ? closing : stall) * 1000;
}

function overdue(copy: Copy): CopyEnding {
  if (copy.state === 'syn-sent') return 'no-connection';
  if (copy.flight.acknowledged === copy.fin) return 'no-end';
  return copy.flight.window === 0 ? 'no-window' : 'no-acknowledgment';
}
