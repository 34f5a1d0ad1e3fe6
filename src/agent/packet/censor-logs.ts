// Each censor's own log, `<node>.<censor>.log`: what it has seen and done, every few seconds while that changes, and at the end.
import { join } from 'node:path';
import { describeStatistics } from '../../model/describe-statistics.ts';
import type { CensorRecord } from '../../model/path-statistics.ts';
import { type LogFile, logLine, openLog } from '../endpoint/log-file.ts';

const EVERY_MS = 5000;

interface CensorLog {
  readonly file: LogFile;
  /** When the last line was written, milliseconds. */
  written: number;
  /** What is still to be told. */
  last: CensorRecord | null;
  /** Tells it when it is time, though nothing changes any more. */
  timer: NodeJS.Timeout | undefined;
}

export class CensorLogs {
  readonly #folder: string;
  readonly #logs = new Map<string, CensorLog>();

  /** `directory` is the lab's, with `logs/` in it. */
  constructor(directory: string) {
    this.#folder = join(directory, 'logs');
  }

  note(record: CensorRecord): void {
    const log = this.#logOf(record);
    log.last = record;
    const left = log.written + EVERY_MS - performance.now();
    if (left <= 0) write(log);
    else log.timer ??= setTimeout(() => write(log), left);
  }

  /** A line of the censor's own. */
  say(censor: { readonly name: string; readonly on: readonly string[] }, line: string): void {
    logLine(this.#logOf(censor).file, line);
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    for (const log of this.#logs.values()) write(log);
    await Promise.all([...this.#logs.values()].map(({ file }) => file.close()));
    this.#logs.clear();
  }

  #logOf({ name, on }: Pick<CensorRecord, 'name' | 'on'>): CensorLog {
    const known = this.#logs.get(name);
    if (known) return known;
    // A censor on several nodes has one log.
    const file = openLog(this.#folder, on[0] ?? '', name);
    const log: CensorLog = { file, written: -Infinity, last: null, timer: undefined };
    this.#logs.set(name, log);
    return log;
  }
}

function write(log: CensorLog): void {
  clearTimeout(log.timer);
  log.timer = undefined;
  if (!log.last) return;
  logLine(log.file, describeStatistics(log.last));
  log.written = performance.now();
  log.last = null;
}
