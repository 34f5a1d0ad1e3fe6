import type { TcpOptionValues } from '../../../wire/tcp-options.ts';
import type { ChecksumState } from '../../../wire/verify.ts';

/** One segment as it was received. */
export interface ReceivedSegment {
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly payloadLength: number;
  /** As in the header, not scaled. */
  readonly window: number;
  readonly urgentPointer: number;
  readonly ttl: number;
  /** IPv4 identification; 0 for IPv6. */
  readonly ipId: number;
  /** Of the TCP segment. */
  readonly checksum: ChecksumState;
}

/** A segment with a right checksum. */
export interface Arrival {
  readonly segment: ReceivedSegment;
  readonly options: TcpOptionValues;
  /** A view into memory that changes afterwards. */
  readonly payload: Uint8Array;
}

/**
 * RFC 5961 section 3.2: `exact` carries the very next sequence number (in SYN-SENT, acknowledges our SYN) and ends a connection;
 * `in-window` draws a challenge ACK; `outside` is passed over.
 */
export type ResetVerdict = 'exact' | 'in-window' | 'outside';

export type TcpEvent =
  | { readonly kind: 'segment'; readonly segment: ReceivedSegment }
  | { readonly kind: 'dropped'; readonly why: DropReason }
  | { readonly kind: 'established' }
  /** Bytes that can be read. */
  | { readonly kind: 'data'; readonly available: number }
  /** All that the peer sent is there. */
  | { readonly kind: 'fin' }
  /** The peer has our bytes, SYN and FIN up to but without this sequence number. */
  | { readonly kind: 'acked'; readonly acknowledgment: number; readonly bytes: number }
  /** Whether or not the connection ends by it. */
  | { readonly kind: 'reset'; readonly verdict: ResetVerdict; readonly segment: ReceivedSegment }
  /** Nobody acknowledged, however often it was sent. */
  | { readonly kind: 'timeout'; readonly transmissions: number }
  | { readonly kind: 'closed'; readonly how: 'fin' | 'sent-reset' | 'received-reset' | 'timeout' };

/** `fragment`: whoever reassembles does so before this. */
export type DropReason = 'not-tcp' | 'fragment' | 'ip-checksum' | 'checksum';
