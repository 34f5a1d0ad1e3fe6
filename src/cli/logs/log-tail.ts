import { closeSync, openSync, readSync } from 'node:fs';
import type { LogFile } from './log-files.ts';

/** Bytes read at once. */
const CHUNK = 65_536;
const NEWLINE = 0x0a;

/** A log that is read as far as it goes, again and again. It may be moved or removed meanwhile. */
export class LogTail {
  readonly #fd: number;
  readonly #role: string;
  /** The beginning of a line of which the end is not written yet. */
  #rest = Buffer.alloc(0);

  constructor({ role, path }: LogFile) {
    this.#fd = openSync(path, 'r');
    this.#role = role;
  }

  /** The whole lines that came since it was asked last, each with the role before it; empty when none did. */
  news(): string {
    const parts = [this.#rest];
    for (;;) {
      const chunk = Buffer.alloc(CHUNK);
      const length = readSync(this.#fd, chunk);
      if (length === 0) break;
      parts.push(chunk.subarray(0, length));
    }
    const bytes = Buffer.concat(parts);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    this.#rest = bytes.subarray(end);
    return this.#named(bytes.subarray(0, end));
  }

  /** What came since, the line that nobody ended included. Nothing can be asked afterwards. */
  end(): string {
    const news = this.news();
    closeSync(this.#fd);
    return this.#rest.length === 0 ? news : `${news}${this.#named(this.#rest)}\n`;
  }

  #named(bytes: Buffer): string {
    return bytes.toString().replace(/(?<=^|\n)(?=[^])/g, `${this.#role} | `);
  }
}
