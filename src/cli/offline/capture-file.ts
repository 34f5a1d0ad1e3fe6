import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Fault } from '../../base/fault.ts';
import { LINKTYPE, encodePcapRecord, writePcapHeader } from '../../wire/pcap.ts';

/** The pcap of raw IP packets that `--write` names. It has its name only when it is whole. */
export class CaptureFile {
  readonly #path: string;
  readonly #partial: string;
  readonly #stream: ReturnType<typeof createWriteStream>;
  #fault: Error | null = null;

  /** Over a file that is there only with `force`. */
  constructor(path: string, { force }: { readonly force: boolean }) {
    if (!force && existsSync(path))
      throw new Fault('usage', `"${path}" is there already`, {
        help: 'Name another file, or add --force to write over it',
      });
    this.#path = path;
    this.#partial = `${path}.partial`;
    this.#stream = createWriteStream(this.#partial);
    this.#stream.on('error', (error) => (this.#fault = error));
    this.#stream.write(writePcapHeader(LINKTYPE.LINKTYPE_RAW));
  }

  add(packet: Uint8Array, time: number): void {
    this.#stream.write(encodePcapRecord(time, packet));
  }

  /** Waits until the disk has caught up. Throws a fault when it cannot. */
  async catchUp(): Promise<void> {
    if (this.#fault === null && this.#stream.writableNeedDrain)
      await Promise.race([once(this.#stream, 'drain'), once(this.#stream, 'error')]);
    if (this.#fault !== null) throw writingFault(this.#path, this.#fault);
  }

  async close(): Promise<void> {
    this.#stream.end();
    try {
      await finished(this.#stream);
      renameSync(this.#partial, this.#path);
    } catch (error) {
      throw writingFault(this.#path, error);
    }
  }

  /** Leaves nothing behind. */
  discard(): void {
    this.#stream.destroy();
    rmSync(this.#partial, { force: true });
  }
}

function writingFault(path: string, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Fault('machine', `"${path}" cannot be written: ${reason}`, { cause });
}
