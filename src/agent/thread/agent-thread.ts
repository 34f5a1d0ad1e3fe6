// A thread of the agent as its main thread sees it: started, heard, and ended within a bound. How it is woken is its owner's matter.
import { type Transferable, Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import type { AgentFault } from '../../model/rpc.ts';

export interface ThreadOrder<Reply> {
  /** As faults begin with it: `The relay's thread`. */
  readonly name: string;
  /** See `threadEntry`. */
  readonly entry: URL;
  readonly workerData: unknown;
  readonly transferList?: readonly Transferable[];
  /** Has it end, whatever it waits for. */
  readonly signalStop: () => void;
  readonly onReply: (reply: Reply) => void;
  /** Nothing more comes of it. `isAsked`: it was stopped. */
  readonly onEnd: (fault: Fault, isAsked: boolean) => void;
}

/** Until the thread has ended, milliseconds. */
const STOP_LIMIT_MS = 3_000;

/** Beside the agent's bundle, or beside a file's own sources when it runs from them. `file` is its URL. */
export const threadEntry = (file: string, bundle: string): URL =>
  new URL(file.endsWith('.ts') ? './worker.ts' : `./${bundle}`, file);

export class AgentThread<Message, Reply> {
  readonly #order: ThreadOrder<Reply>;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #failure: Fault | null = null;
  #isStopping = false;
  #hasEnded = false;

  constructor(order: ThreadOrder<Reply>) {
    this.#order = order;
    const { name, entry, workerData, transferList = [], signalStop, onReply } = order;
    this.#worker = new Worker(entry, {
      workerData,
      transferList: [...transferList],
      // The agent's standard output carries its messages to the runner: nothing of a thread may get there.
      stdout: true,
      // Its descriptors are native code's, which Node's own accounts do not know.
      trackUnmanagedFds: false,
    });
    this.#worker.on('message', onReply);
    this.#worker.on('error', (cause: Error) => {
      this.#failure ??= new Fault('run', `${name} broke: ${cause.message}`, { cause });
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        process.off('exit', signalStop);
        this.#end();
        resolve();
      });
    });
    // The process waits for its threads when it exits, and this one may be waiting for anything.
    process.on('exit', signalStop);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Nothing when it has ended. Its owner wakes it. */
  post(message: Message): void {
    if (!this.#hasEnded) this.#worker.postMessage(message);
  }

  /** It is about to end by itself, of this. */
  breakOf(fault: Fault): void {
    this.#failure ??= fault;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#order.signalStop();
    const limit = setTimeout(() => void this.#worker.terminate(), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(limit);
  }

  #end(): void {
    this.#hasEnded = true;
    const { name, onEnd } = this.#order;
    const how = this.#isStopping ? 'was stopped' : 'ended by itself';
    onEnd(this.#failure ?? new Fault('run', `${name} ${how}`), this.#isStopping);
  }
}

/** What a thread says of a fault, as it was before it crossed. */
export const faultOf = ({ kind, message, help }: AgentFault): Fault =>
  new Fault(kind, message, { help });
