// The packet thread's end of a censor's program, whichever runs: follows what the main thread says of it, and keeps its time.
import { PIPE, readPipe } from '../../../kernel/pipe.ts';
import { closeDescriptor } from '../../../kernel/process.ts';
import type { ProgramDesk } from '../../../roles/censor/program/program-desk.ts';
import { LineReader } from '../../../roles/censor/program/line-reader.ts';
import type { Clock, PacketLoop, PacketSource } from '../packet-loop.ts';
import type { ControlLine, ProgramWord } from './control-line.ts';
import { ProgramPipe } from './program-pipe.ts';

export class ProgramControl implements PacketSource, Clock {
  readonly fd: number;
  readonly #loop: PacketLoop;
  readonly #desk: ProgramDesk;
  readonly #tell: (word: Omit<ProgramWord, 'censor'>) => void;
  readonly #buffer: Uint8Array = new Uint8Array(4096);
  readonly #lines = new LineReader();
  #pipe: ProgramPipe | null = null;
  #isReady = false;

  constructor(
    loop: PacketLoop,
    desk: ProgramDesk,
    fd: number,
    tell: (word: Omit<ProgramWord, 'censor'>) => void,
  ) {
    this.#loop = loop;
    this.#desk = desk;
    this.fd = fd;
    this.#tell = tell;
  }

  get nextDue(): number {
    // That it became ready is told at once.
    if (this.#desk.isReady !== this.#isReady) return 0;
    return Math.min(this.#desk.nextDue, this.#pipe?.nextDue ?? Infinity);
  }

  onTime(now: number): void {
    if (this.#desk.nextDue <= now) this.#desk.expire(now);
    if (this.#desk.isReady && !this.#isReady) this.#tell({ word: 'ready', reason: '' });
    this.#isReady = this.#desk.isReady;
    if (this.#pipe !== null && this.#pipe.nextDue <= now) this.#pipe.flush();
  }

  serve(): number {
    const length = readPipe(this.fd, this.#buffer, 0);
    if (length === PIPE.busy || length === PIPE.closed) return 0;
    for (const line of this.#lines.read(this.#buffer.subarray(0, length)) ?? [])
      this.#follow(JSON.parse(line) as ControlLine);
    return 0;
  }

  release(): void {
    // Nothing of the pipe is kept.
  }

  close(): void {
    closeDescriptor(this.fd);
  }

  #follow(line: ControlLine): void {
    this.#pipe?.close();
    this.#pipe = null;
    const { now } = this.#loop;
    if (line.kind === 'ended') {
      this.#desk.detach(line.reason, now);
      return;
    }
    const pipe = new ProgramPipe(this.#loop, this.#desk, line, (word, reason) =>
      this.#tell({ word, reason }),
    );
    this.#pipe = pipe;
    this.#loop.add(pipe);
    this.#desk.attach(pipe, now);
  }
}
