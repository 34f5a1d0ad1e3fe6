// The main thread's end of a censor's program: starts it in its node, hears its standard error and its end, and starts it again a bounded
// number of times.
import { join } from 'node:path';
import { Fault } from '../../../base/fault.ts';
import { closeFarEnds, openControlPipe, openPipePair, writePipe } from '../../../kernel/pipe.ts';
import { closeDescriptor } from '../../../kernel/process.ts';
import type { CensorProgram } from '../../../model/censor.ts';
import type { PlanCensor } from '../../../model/plan.ts';
import { hostsFile, programArgv, resolvFile } from '../../../model/program.ts';
import { describeEnd } from '../../../traffic/program-outcome.ts';
import type { AgentContext } from '../../context.ts';
import { type ProgramOutput, openProgramOutput } from '../../endpoint/program-output.ts';
import { type Program, startProgram } from '../../endpoint/program.ts';
import { type ControlLine, type ProgramWord, writeControlLine } from './control-line.ts';
import { programArguments, writeProgramFiles } from './program-files.ts';

/** So many ends within so many milliseconds, and it stays away. */
const ENDS_LIMIT = 3;
const ENDS_WITHIN = 10_000;
/** Milliseconds before it is started again, for each end counted. */
const BACK_OFF = 200;
/** Milliseconds until `ready`. */
const START_LIMIT = 12_000;

export class ProgramHost {
  readonly censor: string;
  /** The packet thread's end of what it is told. */
  readonly controlFd: number;
  readonly #context: AgentContext;
  readonly #node: string;
  readonly #write: number;
  readonly #output: ProgramOutput;
  #program: CensorProgram;
  #running: Program | undefined;
  #reason = '';
  #generation = 0;
  #ends: number[] = [];
  #isStopping = false;
  #timer: NodeJS.Timeout | undefined;
  #lastLine = '';
  #onReady: (fault: Fault | undefined) => void = () => undefined;

  constructor(context: AgentContext, { name, on }: PlanCensor, program: CensorProgram) {
    this.censor = name;
    this.#context = context;
    this.#node = on;
    this.#program = program;
    [this.controlFd, this.#write] = openControlPipe();
    this.#output = openProgramOutput(
      join(context.directory, 'logs'),
      { from: on, name },
      (event) => {
        if (event.kind === 'log') this.#lastLine = event.line;
        context.emit(event);
      },
    );
  }

  /** Starts it; resolves when it is ready. */
  async start(): Promise<void> {
    const ready = this.#untilReady();
    this.#launch();
    const fault = await ready;
    if (fault) throw fault;
  }

  /** Another program takes over, with what is kept for flows; resolves when it is ready. */
  async reload(program: CensorProgram): Promise<void> {
    this.#program = program;
    this.#ends = [];
    clearTimeout(this.#timer);
    const previous = this.#running;
    this.#running = undefined;
    const ready = this.#untilReady();
    this.#launch();
    previous?.stop();
    const fault = await ready;
    if (fault) throw fault;
  }

  onWord({ word, reason }: ProgramWord): void {
    if (word === 'ready') {
      this.#onReady(undefined);
      return;
    }
    if (word === 'end') this.#reason = reason;
    this.#running?.stop(word === 'end' ? 'SIGKILL' : 'SIGTERM');
  }

  /** From now on its end is nobody's fault. */
  expectEnd(): void {
    this.#isStopping = true;
    clearTimeout(this.#timer);
  }

  async stop(): Promise<void> {
    this.expectEnd();
    const running = this.#running;
    running?.stop();
    await running?.ended;
    closeDescriptor(this.#write);
    await this.#output.close();
  }

  #untilReady(): Promise<Fault | undefined> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        this.#onReady(this.#fault(`did not say that it is ready within ${START_LIMIT} ms`));
      }, START_LIMIT);
      this.#onReady = (fault) => {
        clearTimeout(limit);
        this.#onReady = () => undefined;
        resolve(fault);
      };
    });
  }

  #launch(): void {
    const { directory } = this.#context;
    this.#generation += 1;
    const place = `${this.censor.replace(/[^\w.-]/g, '_')}.${this.#generation}`;
    const folder = join(directory, 'lab', 'programs', place);
    writeProgramFiles(folder, this.#program);
    const pair = openPipePair();
    const program = startProgram({
      namespaceFd: this.#context.namespaceFd(this.#node),
      argv: programArgv(
        hostsFile(directory, this.#node),
        resolvFile(directory, this.#node),
        programArguments(folder, this.#program),
      ),
      environment: {},
      directory: folder,
      standard: pair.far,
      onOutput: (stream, bytes) => this.#output.write(stream, bytes),
    });
    closeFarEnds(pair);
    this.#running = program;
    this.#reason = '';
    this.#tell({ kind: 'started', input: pair.input, output: pair.output });
    void program.ended.then((end) => {
      if (this.#running !== program || this.#isStopping) return;
      this.#running = undefined;
      this.#onEnd(this.#reason === '' ? describeEnd(end) : this.#reason);
    });
  }

  #onEnd(reason: string): void {
    const now = performance.now();
    this.#tell({ kind: 'ended', reason });
    this.#onReady(this.#fault(`ended before it was ready: ${reason}`));
    this.#ends = [...this.#ends.filter((at) => now - at < ENDS_WITHIN), now];
    const isOver = this.#ends.length > ENDS_LIMIT;
    this.#say(isOver ? `${reason}; it is not started again` : `${reason}; it is started again`);
    if (!isOver) this.#timer = setTimeout(() => this.#launch(), BACK_OFF * (this.#ends.length - 1));
  }

  #say(text: string): void {
    const line = `(the program ended: ${text})`;
    const time = Date.now() * 1000;
    this.#context.emit({ kind: 'log', time, node: this.#node, role: this.censor, line });
  }

  #tell(line: ControlLine): void {
    writePipe(this.#write, writeControlLine(line), 0);
  }

  #fault(what: string): Fault {
    const last = this.#lastLine === '' ? '' : `; it wrote last: ${this.#lastLine}`;
    return new Fault('usage', `The program of censor "${this.censor}" ${what}${last}`, {
      help: `Its standard error is in logs/${this.#node}.${this.censor}.log; the protocol is in docs/programs.md`,
    });
  }
}
