// Sends pieces of a stream so that each leaves as a segment of its own: nothing joins it and nothing splits it. The kernel
// promises neither, so each piece waits until all before it has left and there is room for it, and is then seen leaving.
import { type TcpFacts, tcpFacts } from '../../../kernel/tcp-socket.ts';
import { ProbeFailure } from '../measurement.ts';
import { unknownFailure } from '../../../traffic/failure.ts';

export interface SegmentWriter {
  /** What keeps a piece from leaving now; null when nothing is under way. */
  readonly obstacle: string | null;
  /**
   * Sends `bytes` in pieces of these sizes; true when all have left already, else `onEnd` hears later, with what went wrong.
   * Throws what goes wrong at once.
   */
  write(bytes: Uint8Array, sizes: readonly number[], onEnd: (error: Error | null) => void): boolean;
  /** Gives up what is under way. */
  stop(): void;
}

/** How a piece gets into the kernel, and how many bytes are added to it on the way. */
export interface PieceSender {
  readonly fd: number;
  readonly overhead: number;
  /** Whether the kernel has what is sent when `send` returns; otherwise `onTaken` hears when it has. */
  readonly isImmediate: boolean;
  /** How many of the bytes are taken: 0 when there is no room. */
  send(bytes: Uint8Array, offset: number, length: number, onTaken: () => void): number;
}

/** Milliseconds of asking turn by turn before asking once a millisecond. */
const EAGER = 1;

export function createSegmentWriter(sender: PieceSender): SegmentWriter {
  let obstacle: string | null = null;
  let job: Job | null = null;
  let waitingSince = 0;

  const proceed = (): boolean => {
    while (job && job.index < job.sizes.length) {
      const size = job.sizes[job.index] ?? 0;
      const facts = tcpFacts(sender.fd);
      obstacle =
        job.before === null
          ? obstacleTo(facts, size, sender.overhead)
          : hasLeft(facts, job.before, size);
      if (obstacle !== null) return false;
      if (job.before !== null) {
        job.before = null;
        job.offset += size;
        job.index += 1;
        waitingSince = 0;
        continue;
      }
      const taken = sender.send(job.bytes, job.offset, size, resume);
      if (taken === 0) {
        obstacle = 'the socket has no room for it';
        return false;
      }
      if (taken < size) throw split(size, 'the socket had no room for all of them');
      job.before = facts.segments;
      if (!sender.isImmediate) return false;
    }
    obstacle = null;
    return true;
  };
  const resume = (): void => {
    const current = job;
    if (!current) return;
    try {
      if (!proceed()) {
        wait();
        return;
      }
      job = null;
      current.onEnd(null);
    } catch (error) {
      job = null;
      current.onEnd(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const wait = (): void => {
    // While a layer above the socket is at work, it resumes.
    if (obstacle === null) return;
    const now = performance.now();
    if (waitingSince === 0) waitingSince = now;
    if (now - waitingSince < EAGER) setImmediate(resume);
    else setTimeout(resume, 1);
  };
  return {
    get obstacle() {
      return obstacle;
    },
    write: (bytes, sizes, onEnd) => {
      job = { bytes, sizes, onEnd, index: 0, offset: 0, before: null };
      waitingSince = 0;
      try {
        const isDone = proceed();
        if (isDone) job = null;
        else wait();
        return isDone;
      } catch (error) {
        job = null;
        throw error;
      }
    },
    stop: () => {
      job = null;
    },
  };
}

interface Job {
  readonly bytes: Uint8Array;
  readonly sizes: readonly number[];
  readonly onEnd: (error: Error | null) => void;
  index: number;
  offset: number;
  /** Segments sent before the piece that the kernel has been handed; null while it has not. */
  before: number | null;
}

/** Why a piece of `size` bytes cannot leave now. Throws when it never can. */
function obstacleTo(facts: TcpFacts, size: number, overhead: number): string | null {
  const length = size + overhead;
  if (length > facts.mss)
    throw new ProbeFailure(
      unknownFailure('segment_too_large'),
      `A segment of ${describe(size, overhead)} does not fit: the MSS of the connection is ${facts.mss}`,
    );
  if (facts.unsent > 0) return `${facts.unsent} bytes before it have not left`;
  if (facts.unacknowledged + length > facts.peerWindow)
    return `a segment of ${length} bytes does not fit into the peer's window of ${facts.peerWindow}, of which ${facts.unacknowledged} are not acknowledged`;
  if (facts.inFlight >= facts.congestionWindow)
    return `the congestion window of ${facts.congestionWindow} segments is full`;
  return null;
}

/** Why a piece has not left yet. Throws when it left otherwise than asked. */
function hasLeft(facts: TcpFacts, before: number, size: number): string | null {
  // Both are modulo 2^32.
  const segments = (facts.segments - before) | 0;
  if (segments > 1)
    throw split(
      size,
      `they left in ${segments}: the MSS of the connection is ${facts.mss}, the peer's window ${facts.peerWindow}, the congestion window ${facts.congestionWindow} segments`,
    );
  if (segments === 1 && facts.unsent === 0) return null;
  return `the kernel holds back a segment of ${size} bytes`;
}

const split = (size: number, why: string): ProbeFailure =>
  new ProbeFailure(
    unknownFailure('segment_split'),
    `${size} bytes did not leave in one segment: ${why}`,
  );

const describe = (size: number, overhead: number): string =>
  overhead === 0 ? `${size} bytes` : `${size} bytes and ${overhead} of TLS`;
