import { logLine } from '../log-file.ts';
import type { LogFile } from '../log-file.ts';

/** A service that accepts. */
export interface RunningService {
  /** Stops listening and ends every connection; resolves when all are gone. */
  close(): Promise<void>;
  /** What was asked of it that it did not have, once it is closed; null for nothing. */
  readonly shortfall?: () => ServiceShortfall | null;
}

/** Something that a service had to leave undone, and how often. */
export interface ServiceShortfall {
  readonly count: number;
  /** After the count: `requests that …`. */
  readonly what: string;
}

/** What a service has done, in all. */
export interface ServiceCounters {
  /** Connections, or datagrams for UDP. */
  accepted: number;
  /** Bytes of payload. */
  received: number;
  sent: number;
  failed: number;
}

export const newCounters = (): ServiceCounters => ({
  accepted: 0,
  received: 0,
  sent: 0,
  failed: 0,
});

/** The last line of a service's log. */
export function logCounters(log: LogFile, unit: string, counters: ServiceCounters): void {
  const { accepted, received, sent, failed } = counters;
  logLine(log, `stopped: ${accepted} ${unit}, ${received} B in, ${sent} B out, ${failed} failed`);
}
