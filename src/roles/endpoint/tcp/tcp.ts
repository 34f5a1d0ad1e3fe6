// A user-space TCP without I/O: segments and times in, segments and events out. README.md says how to drive it.
import type { Random } from '../../../base/random.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { type TcpTimestamps, readTcpOptions } from '../../../wire/tcp-options.ts';
import { arrive } from './arrive.ts';
import { Connection, type TcpOutput, type TcpState } from './connection.ts';
import { craft } from './craft.ts';
import type { DropReason, ReceivedSegment } from './event.ts';
import type { OpenConnection } from './open-connection.ts';
import { expire, flush, isOpen } from './flush.ts';
import type { CraftSpec } from './segment.ts';
import {
  DEFAULT_TCP_POLICY,
  DEFAULT_TCP_SETTINGS,
  type TcpPolicy,
  type TcpSettings,
} from './settings.ts';

const { ACK, RST, SYN } = TCP_FLAG;

export interface TcpOptions {
  readonly settings?: Partial<TcpSettings>;
  readonly policy?: Partial<TcpPolicy>;
  /** Decides initial sequence number, timestamp offset and the first IP identification. */
  readonly random: Random;
  readonly output: TcpOutput;
}

export function createTcp({ settings, policy, random, output }: TcpOptions): Tcp {
  const whole = { ...DEFAULT_TCP_SETTINGS, ...settings };
  return new Tcp(new Connection(whole, { ...DEFAULT_TCP_POLICY, ...policy }, random, output));
}

/** One connection. All times are microseconds since the epoch and never go back. */
export class Tcp {
  /** Packets that were given to `receive` and not looked at. */
  dropped = 0;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Opens actively: sends a SYN. */
  open(now: number): void {
    const { sender } = this.#connection;
    if (this.#connection.state !== 'closed') return;
    this.#connection.state = 'syn-sent';
    const draft = { sequence: sender.queue.next, flags: SYN, origin: 'stack' } as const;
    this.#connection.transmit(draft, now);
    flush(this.#connection, now);
  }

  /** Waits for a SYN. Whose, is the caller's choice: it gives only the packets of one peer. */
  listen(): void {
    if (this.#connection.state === 'closed') this.#connection.state = 'listen';
  }

  /** Goes on with a connection that is open: the peer does not notice that somebody else speaks to it. */
  adopt(open: OpenConnection, now: number): void {
    if (this.#connection.state === 'closed') this.#connection.adopt(open, now);
  }

  /**
   * Sends bytes as soon as connection and window allow, never in one segment with those of another call; `sizes` says how they are
   * cut. They must not change until they are acknowledged. False when our stream has ended.
   */
  send(bytes: Uint8Array, now: number, sizes: readonly number[] = []): boolean {
    const { sender, state } = this.#connection;
    const hasEnded = state === 'closed' && this.#connection.ownOffer !== null;
    if (hasEnded || sender.finWished || sender.queue.finSequence !== null) return false;
    sender.write(bytes, sizes);
    flush(this.#connection, now);
    return true;
  }

  /** Sends a segment of the script's, in any state. */
  craft(spec: CraftSpec, now: number): void {
    craft(this.#connection, spec, now);
  }

  /** Ends our stream: FIN after all that waits, the handshake too; `reset` is for who will not wait. */
  close(now: number): void {
    this.#connection.sender.finWished = true;
    if (this.#connection.state === 'listen') this.#connection.end('fin');
    flush(this.#connection, now);
  }

  /** Sends a reset, unless nobody is there to get it, and forgets what waits. */
  reset(now: number): void {
    const { state, sender } = this.#connection;
    const isSilent = state === 'closed' || state === 'listen' || state === 'syn-sent';
    const draft = { sequence: sender.queue.next, flags: RST | ACK, origin: 'stack' } as const;
    if (!isSilent) this.#connection.emit(draft, now);
    this.#connection.end('sent-reset');
  }

  /** Takes a packet of this connection's, loaded by whoever chose it by its ends. Its memory may change afterwards. */
  receive(view: PacketView, now: number): void {
    const { output } = this.#connection;
    const segment = view.isTcp && !view.isFragment ? readSegment(view, now) : null;
    if (segment !== null) output.report({ kind: 'segment', segment });
    const why = dropReason(view, segment);
    if (segment === null || why !== null) {
      this.dropped += 1;
      if (why !== null) output.report({ kind: 'dropped', why });
      return;
    }
    const { tcpOptions, payload } = view;
    arrive(this.#connection, { segment, options: readTcpOptions(tcpOptions), payload }, now);
    flush(this.#connection, now);
  }

  /** Lets timers run out. Called when `nextDue` has come; early is harmless. */
  tick(now: number): void {
    expire(this.#connection, now);
  }

  /** Takes bytes of the peer's out, all unless `limit` is given; what was taken makes room in the window. */
  read(now: number, limit?: number): Uint8Array {
    const bytes = this.#connection.buffer.read(limit);
    if (bytes.length > 0 && this.#isReceiving && this.#connection.hasOpenedWindow)
      this.#connection.acknowledger.require();
    flush(this.#connection, now);
    return bytes;
  }

  /** Changes policies from now on. */
  configure(policy: Partial<TcpPolicy>, now: number): void {
    const connection = this.#connection;
    connection.policy = { ...connection.policy, ...policy };
    const { ack } = connection.policy;
    const isBehind = connection.acknowledged !== connection.buffer.next;
    if (ack !== connection.acknowledger.policy)
      connection.acknowledger.setPolicy(ack, isBehind, now);
    flush(connection, now);
  }

  /** When `tick` is to be called, in microseconds since the epoch; Infinity when nothing is to be waited for. */
  get nextDue(): number {
    const { timer, acknowledger, timeWaitUntil } = this.#connection;
    return Math.min(timer.due, acknowledger.due, timeWaitUntil);
  }

  /** What a timestamps option of ours says now. */
  stamp(now: number): TcpTimestamps {
    const { timestamps } = this.#connection;
    return { value: timestamps.value(now), echo: timestamps.recent };
  }

  get state(): TcpState {
    return this.#connection.state;
  }

  get policy(): TcpPolicy {
    return this.#connection.policy;
  }

  get numbers(): TcpNumbers {
    const { sender, buffer, peerInitial, retransmissions } = this.#connection;
    const { queue, initial, window, segmentSize, unsent, oversized } = sender;
    return {
      initial,
      unacknowledged: queue.unacknowledged,
      next: queue.next,
      peerInitial,
      peerNext: buffer.next,
      available: buffer.available,
      peerWindow: window,
      segmentSize,
      unsent,
      oversized: isOpen(this.#connection) ? oversized : null,
      retransmissions,
    };
  }

  get #isReceiving(): boolean {
    const { state } = this.#connection;
    return state === 'established' || state === 'fin-wait-1' || state === 'fin-wait-2';
  }
}

/** Where a connection stands. Sequence numbers, and sizes in bytes. */
export interface TcpNumbers {
  /** ISS, SND.UNA and SND.NXT. */
  readonly initial: number;
  readonly unacknowledged: number;
  readonly next: number;
  /** IRS and RCV.NXT. */
  readonly peerInitial: number;
  readonly peerNext: number;
  /** Bytes that can be read. */
  readonly available: number;
  /** SND.WND, and the longest payload that `send` puts into one segment. */
  readonly peerWindow: number;
  readonly segmentSize: number;
  /** Bytes that `send` took and that did not leave yet. */
  readonly unsent: number;
  /** The length of the next segment, when it is to leave whole and the peer's empty window is too small for it. */
  readonly oversized: number | null;
  readonly retransmissions: number;
}

/** Fragments are put together before they come here; what has no checksum that can be told is damaged. */
function dropReason(view: PacketView, segment: ReceivedSegment | null): DropReason | null {
  if (segment === null) return view.isFragment ? 'fragment' : 'not-tcp';
  if (view.verifyIpChecksum() === 'invalid') return 'ip-checksum';
  return segment.checksum === 'valid' ? null : 'checksum';
}

const readSegment = (view: PacketView, now: number): ReceivedSegment => ({
  time: now,
  flags: view.flags,
  sequence: view.sequence,
  acknowledgment: view.acknowledgment,
  payloadLength: view.payloadLength,
  window: view.window,
  urgentPointer: view.urgentPointer,
  ttl: view.ttl,
  ipId: view.ipId,
  checksum: view.verifyTransportChecksum(),
});
