import type { TcpOptionValues, TcpTimestamps } from '../../../wire/tcp-options.ts';

/** A connection in ESTABLISHED as its two ends see it, for somebody to go on with in the place of one of them. */
export interface OpenConnection {
  /** What our side's SYN offered, and the sequence number that it sends next. Nothing of it is under way. */
  readonly own: { readonly offer: TcpOptionValues; readonly next: number };
  /** The peer's, with the sequence number that is expected of it and its window in bytes. */
  readonly peer: {
    readonly offer: TcpOptionValues;
    readonly next: number;
    readonly window: number;
  };
  /** What our side's next segment would say (RFC 7323); null where not both offered them. */
  readonly timestamps: TcpTimestamps | null;
}
