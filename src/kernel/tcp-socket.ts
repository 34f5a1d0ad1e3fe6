// What the kernel's TCP makes of what a socket is given: whether it has left, and in how many segments.
import { loadNative } from './native.ts';

interface TcpCalls {
  tcpFacts(fd: number, facts: Float64Array): void;
  tcpSend(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  tcpAbort(fd: number): void;
}

const native = loadNative() as TcpCalls;

export interface TcpFacts {
  /** Bytes of payload of a segment at most. */
  readonly mss: number;
  /** Bytes that wait in the kernel and have never been sent. */
  readonly unsent: number;
  /** Segments that are under way. */
  readonly inFlight: number;
  /** In segments. */
  readonly congestionWindow: number;
  /** Data segments sent so far, each once however often it was sent again; modulo 2^32. */
  readonly segments: number;
  /** In bytes, from the first that the peer has not acknowledged. */
  readonly peerWindow: number;
  /** Bytes that the peer has not acknowledged, unsent ones included. */
  readonly unacknowledged: number;
}

const facts = new Float64Array(7);

/** Of a connected TCP socket: TCP_INFO of tcp(7). */
export function tcpFacts(fd: number): TcpFacts {
  native.tcpFacts(fd, facts);
  const [mss = 0, unsent = 0, inFlight = 0, congestionWindow = 0] = facts;
  const [, , , , segments = 0, peerWindow = 0, unacknowledged = 0] = facts;
  return { mss, unsent, inFlight, congestionWindow, segments, peerWindow, unacknowledged };
}

/** Hands a part of `bytes` to the kernel at once; how many it took. Throws as Node does, with `code` and `syscall`. */
export const tcpSend = (fd: number, bytes: Uint8Array, offset: number, length: number): number =>
  native.tcpSend(fd, bytes, offset, length);

/**
 * Has the socket's closing send a RST at once. Node's own resetAndDestroy() sends a FIN first, and then often nothing
 * (uv_tcp_close_reset() refuses while a shutdown is under way; Node 20).
 */
export const tcpAbort = (fd: number): void => native.tcpAbort(fd);
