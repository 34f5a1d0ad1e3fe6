// A migration's thread as the main thread sees it: started, told, heard and ended.
import { Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { unreachable } from '../../base/invariant.ts';
import type { AgentFault } from '../../model/rpc.ts';
import type { TunnelSwitch } from '../../model/tunnel.ts';
import {
  type MigrationChange,
  type MigrationCommand,
  type MigrationOrder,
  type MigrationReply,
  SHARED,
} from './order.ts';

/** What is heard of a migration. */
export interface MigrationListener {
  switched(one: TunnelSwitch): void;
  /** It ended unasked. */
  broken(fault: Fault): void;
}

/** Until the thread has ended. */
const STOP_LIMIT_MS = 3000;

interface Call {
  resolve(): void;
  reject(fault: Fault): void;
}

export class MigrationThread {
  /** Resolves when it takes orders. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #shared: Int32Array;
  readonly #listener: MigrationListener;
  readonly #ended: Promise<void>;
  readonly #calls = new Map<number, Call>();
  #lastCall = 0;
  #failure: Fault | null = null;
  #isStopping = false;
  #hasEnded = false;
  #settleReady: Call | null = null;
  readonly #onExit = (): void => this.#signalStop();

  constructor(order: Omit<MigrationOrder, 'shared'>, listener: MigrationListener) {
    this.#listener = listener;
    const shared = new SharedArrayBuffer(SHARED.words * 4);
    this.#shared = new Int32Array(shared);
    const workerData: MigrationOrder = { ...order, shared };
    // Beside the agent's bundle, or this file's own sources when it runs from them.
    const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './agent-tunnel.js';
    this.#worker = new Worker(new URL(entry, import.meta.url), {
      workerData,
      // The agent's standard output carries its messages to the runner: nothing of a thread may get there.
      stdout: true,
      // Its descriptors are native code's, which Node's own accounts do not know.
      trackUnmanagedFds: false,
    });
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#worker.on('message', (reply: MigrationReply) => this.#hear(reply));
    this.#worker.on('error', (cause: Error) => {
      this.#failure ??= new Fault('run', `A migration's thread broke: ${cause.message}`, { cause });
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#onEnd();
        resolve();
      });
    });
    // The process waits for its threads when it exits, and this one may be waiting for its next turn.
    process.on('exit', this.#onExit);
  }

  /** Resolves when it is in force. */
  change(change: MigrationChange): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) {
        reject(new Fault('run', 'The migration has ended'));
        return;
      }
      this.#lastCall += 1;
      this.#calls.set(this.#lastCall, { resolve, reject });
      const command: MigrationCommand = { id: this.#lastCall, change };
      this.#worker.postMessage(command);
      this.#wake();
    });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#signalStop();
    const limit = setTimeout(() => void this.#worker.terminate(), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(limit);
  }

  #signalStop(): void {
    Atomics.store(this.#shared, SHARED.stop, 1);
    this.#wake();
  }

  #wake(): void {
    Atomics.add(this.#shared, SHARED.wakes, 1);
    Atomics.notify(this.#shared, SHARED.wakes);
  }

  #hear(reply: MigrationReply): void {
    switch (reply.kind) {
      case 'ready':
        this.#settleReady?.resolve();
        return;
      case 'answer': {
        const call = this.#calls.get(reply.id);
        this.#calls.delete(reply.id);
        if (reply.fault) call?.reject(faultOf(reply.fault));
        else call?.resolve();
        return;
      }
      case 'switch': {
        const { time, to, micros } = reply;
        this.#listener.switched({ time, to, micros });
        return;
      }
      case 'fault':
        this.#failure = faultOf(reply.fault);
        return;
      default:
        unreachable(reply, 'reply of a migration');
    }
  }

  #onEnd(): void {
    this.#hasEnded = true;
    process.off('exit', this.#onExit);
    const fault = this.#failure ?? new Fault('run', 'The migration has ended');
    this.#settleReady?.reject(fault);
    for (const call of this.#calls.values()) call.reject(fault);
    this.#calls.clear();
    if (!this.#isStopping) this.#listener.broken(fault);
  }
}

const faultOf = ({ kind, message, help }: AgentFault): Fault => new Fault(kind, message, { help });
