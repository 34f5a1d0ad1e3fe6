// What a connection sends by itself: whatever the window lets leave, acknowledgments that are due, and what timers call for.
import { TCP_FLAG } from '../../../wire/tcp.ts';
import type { Connection } from './connection.ts';
import { NEVER } from './settings.ts';

const { ACK, FIN, PSH } = TCP_FLAG;

/** Sends all that may be sent now. Called at the end of everything that happens to a connection. */
export function flush(connection: Connection, now: number): void {
  const { sender, acknowledger } = connection;
  if (isOpen(connection)) {
    for (let piece = sender.take(); piece !== null; piece = sender.take()) {
      const { payload, isLast } = piece;
      const flags = isLast ? ACK | PSH : ACK;
      connection.transmit({ sequence: sender.queue.next, flags, payload, origin: 'stack' }, now);
    }
    if (sender.mayFinish)
      connection.transmit({ sequence: sender.queue.next, flags: ACK | FIN, origin: 'stack' }, now);
  }
  if (sender.queue.finSequence !== null) noteOwnFin(connection);
  if (acknowledger.isWanted && connection.state !== 'closed')
    connection.emit({ sequence: sender.queue.next, flags: ACK, origin: 'stack' }, now);
  setTimer(connection, now);
}

/** Lets timers run out that are due. */
export function expire(connection: Connection, now: number): void {
  connection.acknowledger.expire(now);
  if (now >= connection.timeWaitUntil) connection.end('fin');
  if (now >= connection.timer.due) expireTimer(connection, now);
  flush(connection, now);
}

/** Sends the first segment again that the peer lacks. */
export function retransmitFirst(connection: Connection, now: number): void {
  const first = connection.sender.queue.first();
  if (first !== undefined && connection.policy.retransmit) connection.retransmit(first, now);
}

function expireTimer(connection: Connection, now: number): void {
  const { sender, timer, settings, output } = connection;
  if (timer.expirations >= settings.maximumRetransmissions) {
    output.report({ kind: 'timeout', transmissions: timer.expirations + 1 });
    connection.end('timeout');
    return;
  }
  timer.backOff(now);
  if (sender.queue.first() === undefined) {
    connection.emit({ sequence: sender.probeSequence, flags: ACK, origin: 'stack' }, now);
    return;
  }
  sender.noteLoss();
  retransmitFirst(connection, now);
}

/** Our FIN was sent, by whomever. */
function noteOwnFin(connection: Connection): void {
  switch (connection.state) {
    case 'syn-received':
    case 'established':
      connection.state = 'fin-wait-1';
      return;
    case 'close-wait':
      connection.state = 'last-ack';
      return;
    case 'closed':
    case 'listen':
    case 'syn-sent':
    case 'fin-wait-1':
    case 'fin-wait-2':
    case 'closing':
    case 'last-ack':
    case 'time-wait':
      return;
  }
}

function setTimer(connection: Connection, now: number): void {
  const { sender, timer, policy } = connection;
  const waits =
    connection.state !== 'closed' &&
    policy.retransmit &&
    (sender.queue.first() !== undefined || (isOpen(connection) && sender.isBlocked));
  if (!waits) timer.stop();
  else if (timer.due === NEVER) timer.start(now);
}

/** Whether data and FIN of our own may leave. */
export const isOpen = ({ state }: Connection): boolean =>
  state === 'established' || state === 'close-wait';
