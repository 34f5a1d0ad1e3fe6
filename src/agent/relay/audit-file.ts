import { type FileHandle, open } from 'node:fs/promises';
import { Fault } from '../../base/fault.ts';

/** Where edits are told: lines are appended in the order in which they came. */
export class AuditFile {
  readonly #path: string;
  readonly #file: Promise<FileHandle>;
  #written: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
    this.#file = open(path, 'a');
    // Whoever writes hears of it.
    this.#file.catch(() => undefined);
  }

  /** Rejects with a machine fault where it cannot be opened. */
  async ready(): Promise<void> {
    try {
      await this.#file;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Fault('machine', `The audit file cannot be opened: ${reason}`, {
        help: `Give a file in a folder that there is: "${this.#path}" is not`,
        cause,
      });
    }
  }

  /** Resolves when it is in the file. */
  append(text: string): Promise<void> {
    const written = this.#written.then(async () => (await this.#file).appendFile(text));
    // Whoever has them written hears of lines that are not; there may be room for the next.
    this.#written = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.#written;
    await (await this.#file).close();
  }
}
