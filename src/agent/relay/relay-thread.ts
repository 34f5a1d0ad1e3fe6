// A relay's thread as the main thread sees it: started, told, heard and ended.
import { Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { WakeEvent } from '../../kernel/wake-event.ts';
import type { RelayStatistics } from '../../model/relay.ts';
import type { RelayNews } from '../../model/relay-news.ts';
import type { AgentFault } from '../../model/rpc.ts';
import { addressesOf } from './addresses-of.ts';
import { Calls } from './calls.ts';
import {
  type RelayAnswer,
  type RelayChange,
  type RelayMessage,
  type RelayOrder,
  type RelayReply,
  SHARED,
} from './order.ts';
import { type Pool, startPool } from './pool/start-pool.ts';

/** What is heard of a relay. */
export interface RelayListener {
  news(news: readonly RelayNews[]): void;
  statistics(statistics: RelayStatistics): void;
  /** Whether it wants to hear of sessions no more than findings. */
  readonly isQuiet: boolean;
  /** Lines of the audit log; resolves when they are written. Null: nobody wants them. */
  readonly audit: ((text: string) => Promise<void>) | null;
  loss(count: number, what: string): void;
  /** It ended unasked. */
  broken(fault: Fault): void;
}

/** Until the thread has ended. */
const STOP_LIMIT_MS = 3000;

export class RelayThread {
  /** Where it listens, as addresses are written. */
  readonly listening: Promise<readonly string[]>;
  readonly #worker: Worker;
  readonly #pool: Pool;
  readonly #shared: Int32Array;
  readonly #listener: RelayListener;
  readonly #ended: Promise<void>;
  readonly #calls = new Calls<RelayAnswer>();
  readonly #event = new WakeEvent();
  #hasEnded = false;
  #isStopping = false;
  #failure: Fault | null = null;
  #settleReady: { resolve(listening: readonly string[]): void; reject(fault: Fault): void } | null =
    null;
  readonly #onExit = (): void => this.#signalStop();

  constructor(
    order: Omit<RelayOrder, 'shared' | 'workers' | 'event' | 'wanted'>,
    listener: RelayListener,
  ) {
    this.#listener = listener;
    this.#shared = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
    // Beside the agent's bundle, or this file's own sources when it runs from them.
    const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './agent-relay.js';
    const shared = this.#shared.buffer as SharedArrayBuffer;
    const event = this.#event.fd;
    this.#pool = startPool(order, { shared, event }, (reason) => this.#breakPool(reason));
    const workers = this.#pool.ports;
    const wanted = { audits: listener.audit !== null, sessions: !listener.isQuiet };
    const workerData: RelayOrder = { ...order, wanted, shared, workers, event };
    this.#worker = new Worker(new URL(entry, import.meta.url), {
      workerData,
      transferList: [...workers],
      // The agent's standard output carries its messages to the runner: nothing of a thread may get there.
      stdout: true,
      // Its descriptors are native code's, which Node's own accounts do not know.
      trackUnmanagedFds: false,
    });
    this.listening = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#worker.on('message', (reply: RelayReply) => this.#hear(reply));
    this.#worker.on('error', (error: Error) => {
      this.#failure ??= new Fault('run', `The relay's thread broke: ${error.message}`, {
        cause: error,
      });
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#onEnd();
        resolve();
      });
    });
    // The process waits for its threads when it exits, and this one may be waiting for a client.
    process.on('exit', this.#onExit);
  }

  /** Resolves when it is in force. */
  change(change: RelayChange): Promise<RelayAnswer> {
    const { id, answer } = this.#calls.open();
    if (this.#hasEnded) this.#calls.rejectAll(hasEnded());
    else this.#say({ kind: 'command', id, change });
    return answer;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#signalStop();
    const limit = setTimeout(() => void this.#worker.terminate(), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(limit);
    await this.#pool.stop();
    this.#event.close();
  }

  #say(message: RelayMessage): void {
    if (this.#hasEnded) return;
    this.#worker.postMessage(message);
    Atomics.add(this.#shared, SHARED.messages, 1);
    this.#event.set();
  }

  #breakPool(reason: string): void {
    this.#failure ??= new Fault('run', `A thread that processes messages broke: ${reason}`);
    this.#signalStop();
  }

  #signalStop(): void {
    Atomics.store(this.#shared, SHARED.stop, 1);
    this.#event.set();
  }

  #hear(reply: RelayReply): void {
    switch (reply.kind) {
      case 'ready':
        this.#settleReady?.resolve(reply.listening);
        return;
      case 'fault':
        this.#failure = faultOf(reply.fault);
        return;
      case 'lookup':
        void this.#lookUp(reply.ticket, reply.host);
        return;
      case 'answer':
        if (reply.fault) this.#calls.reject(reply.id, faultOf(reply.fault));
        else this.#calls.resolve(reply.id, reply.answer);
        return;
      case 'audit':
        void this.#keep(reply.text, reply.records);
        return;
      case 'news':
        this.#listener.news(reply.news);
        Atomics.add(this.#shared, SHARED.taken, reply.news.length);
        return;
      case 'statistics':
        this.#listener.statistics(reply.statistics);
        return;
      case 'loss':
        this.#listener.loss(reply.count, reply.what);
    }
  }

  async #keep(text: string, records: number): Promise<void> {
    try {
      await this.#listener.audit?.(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#listener.loss(records, `audit records (${reason})`);
    }
    Atomics.add(this.#shared, SHARED.taken, records);
  }

  async #lookUp(ticket: number, host: string): Promise<void> {
    try {
      const addresses = await addressesOf(host);
      this.#say({ kind: 'addresses', ticket, addresses, failure: '' });
    } catch (error) {
      const failure = error instanceof Error && 'code' in error ? String(error.code) : 'EAI_FAIL';
      this.#say({ kind: 'addresses', ticket, addresses: [], failure });
    }
  }

  #onEnd(): void {
    this.#hasEnded = true;
    process.off('exit', this.#onExit);
    this.#calls.rejectAll(hasEnded());
    if (this.#isStopping) {
      this.#settleReady?.reject(hasEnded());
      return;
    }
    const fault = this.#failure ?? new Fault('run', "The relay's thread ended by itself");
    this.#settleReady?.reject(fault);
    this.#listener.broken(fault);
  }
}

const hasEnded = (): Fault => new Fault('run', 'The relay has ended');

const faultOf = ({ kind, message, help }: AgentFault): Fault => new Fault(kind, message, { help });
