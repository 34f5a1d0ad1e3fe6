// What a mirror says of the answers of both servers.

/** An answer to one request of one session, of one of the two servers. */
export interface ComparedAnswer {
  /** As the protocol has it: `200`, `SELECT 3`, an SQLSTATE; empty where it has none. */
  readonly status: string;
  readonly bytes: number;
  /** Milliseconds from the request to the first and to the last byte. */
  readonly firstByte: number;
  readonly lastByte: number;
}

export interface AnswerDifference {
  readonly session: number;
  readonly copy: number;
  /** Of the session, counted from 1. */
  readonly request: number;
  /** The first words of the request, printable. */
  readonly asked: string;
  /** `missing`: only the online server answered. `extra`: only the target did. */
  readonly what: 'status' | 'header' | 'body' | 'bytes' | 'missing' | 'extra';
  /** What differs, such as `status 200, not 500` or `byte 17 is 0x41, not 0x42`; online first. */
  readonly detail: string;
  readonly online: ComparedAnswer | null;
  readonly target: ComparedAnswer | null;
}

export interface LatencySummary {
  readonly count: number;
  /** Milliseconds to the first byte. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** How many are below each bound and not below the one before. */
  readonly buckets: readonly { readonly below: number; readonly count: number }[];
}

/** Of one mirror. */
export interface CompareStatistics {
  /** Pairs of answers, and those that differ. */
  readonly pairs: number;
  readonly different: number;
  readonly missing: number;
  readonly extra: number;
  /** Pairs of which not all bytes were kept: only their sizes were compared. */
  readonly unread: number;
  /** Sessions that could not be read as the protocol has it, from there on. */
  readonly faults: number;
  readonly differences: readonly AnswerDifference[];
  readonly latency: { readonly online: LatencySummary; readonly target: LatencySummary };
}
