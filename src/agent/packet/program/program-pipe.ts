// The two pipes to one running program: what it says is read as it comes, what it is told is sent as fast as it reads.
import { PIPE, readPipe, writePipe } from '../../../kernel/pipe.ts';
import { closeDescriptor } from '../../../kernel/process.ts';
import type { ProgramDesk } from '../../../roles/censor/program/program-desk.ts';
import type { ProgramLink } from '../../../roles/censor/program/program-line.ts';
import type { PacketLoop, PacketSource } from '../packet-loop.ts';

const READ_BYTES = 64 * 1024;
/** Reads of one turn: other sources have theirs. */
const READS = 4;
/** Microseconds until a full pipe is tried again. */
const RETRY = 1000;

/** Hears that the program is to be ended, or that it does not speak any more. */
export type TellEnd = (word: 'end' | 'closed', reason: string) => void;

export class ProgramPipe implements PacketSource, ProgramLink {
  readonly fd: number;
  readonly #output: number;
  readonly #loop: PacketLoop;
  readonly #desk: ProgramDesk;
  readonly #tell: TellEnd;
  readonly #buffer: Uint8Array = new Uint8Array(READ_BYTES);
  /** What the pipe had no room for. */
  #backlog: Uint8Array = new Uint8Array(0);
  #isClosed = false;
  /** When there is something to send, microseconds since the epoch. */
  #due = Infinity;

  constructor(
    loop: PacketLoop,
    desk: ProgramDesk,
    ends: { readonly input: number; readonly output: number },
    tell: TellEnd,
  ) {
    this.#loop = loop;
    this.#desk = desk;
    this.fd = ends.input;
    this.#output = ends.output;
    this.#tell = tell;
  }

  get nextDue(): number {
    return this.#isClosed ? Infinity : this.#due;
  }

  wake(): void {
    this.#due = Math.min(this.#due, this.#loop.now);
  }

  end(reason: string): void {
    // Before it can end of itself because nobody listens.
    this.#tell('end', reason);
    this.close();
  }

  /** What it says decides about packets that were counted when they came. */
  serve(): number {
    for (let turn = 0; turn < READS && !this.#isClosed; turn += 1) {
      const length = readPipe(this.fd, this.#buffer, 0);
      if (length === PIPE.busy) break;
      if (length === PIPE.closed) {
        // Mostly it has ended, and who started it will say how.
        this.#tell('closed', 'it closed its standard output');
        this.close();
        break;
      }
      this.#desk.hear(this.#buffer.subarray(0, length), this.#loop.now);
      if (length < READ_BYTES) break;
    }
    return 0;
  }

  release(): void {
    // Nothing of the pipe is kept.
  }

  /** Sends what waits, as far as there is room. */
  flush(): void {
    this.#due = Infinity;
    while (!this.#isClosed) {
      if (this.#backlog.length === 0) {
        const line = this.#desk.takeOutput();
        if (line === null) return;
        this.#backlog = ENCODER.encode(`${line}\n`);
      }
      const sent = writePipe(this.#output, this.#backlog, 0);
      // Nobody reads: that it has ended is heard where it is read from.
      if (sent === PIPE.closed) return;
      if (sent === PIPE.busy) {
        this.#due = this.#loop.now + RETRY;
        return;
      }
      this.#backlog = this.#backlog.subarray(sent);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeDescriptor(this.fd);
    closeDescriptor(this.#output);
  }
}

const ENCODER = new TextEncoder();
