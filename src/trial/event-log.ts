import type { RunEvent } from '../report/report.ts';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { resultsFault } from './results-fault.ts';

/** events.ndjson, written as events arrive. */
export interface EventLog {
  readonly write: (event: RunEvent) => void;
  /** The first events, for the report's timeline. */
  readonly first: readonly RunEvent[];
  readonly count: number;
  /** Waits until all is written. Throws a machine fault when the disk refused any of it. */
  close(): Promise<void>;
}

export function openEventLog(path: string, keep: number): EventLog {
  const stream = createWriteStream(path);
  // `finished` reports what went wrong, at the end: the run's own evidence does not depend on this file.
  const written = finished(stream).then(
    () => null,
    (error: unknown) => resultsFault(error, path),
  );
  const first: RunEvent[] = [];
  let count = 0;
  return {
    first,
    get count() {
      return count;
    },
    write: (event) => {
      count += 1;
      if (first.length < keep) first.push(event);
      if (!stream.destroyed) stream.write(`${JSON.stringify(event)}\n`);
    },
    close: async () => {
      stream.end();
      const fault = await written;
      if (fault) throw fault;
    },
  };
}
