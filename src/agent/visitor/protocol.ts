// What the agent asks of a visitor, and what that tells. Times are milliseconds unless said otherwise.
import type { VisitHar } from '../../model/visit.ts';

export interface VisitOrder {
  readonly url: string;
  /** The browser's file. */
  readonly browser: string;
  /** A folder whose copy is the browser's home: it says whom the browser trusts. */
  readonly home: string;
  readonly timeout: number;
  readonly settle: number;
  readonly drain: number;
  readonly quic: readonly string[];
  /** Absolute; null: none is kept. */
  readonly har: (VisitHar & { readonly path: string }) | null;
}

export interface VisitReport {
  /** Microseconds since the epoch: from the request for the document until all was loaded, or something went wrong. */
  readonly begin: number;
  readonly end: number;
  /** What went wrong, in the browser's words; null when all was loaded. */
  readonly error: string | null;
  readonly isOutOfTime: boolean;
  /** Until the first byte of the document, and until it was there; null where it was not. */
  readonly firstByte: number | null;
  readonly finalUrl: string | null;
  readonly httpStatus: number | null;
  /** Of the document, decoded. */
  readonly bytes: number | null;
  readonly protocol: string | null;
  /** Whether the browser has ended as it should, so that another can be started by the same process. */
  readonly isClosed: boolean;
}
