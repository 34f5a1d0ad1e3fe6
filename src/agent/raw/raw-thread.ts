// The thread of raw endpoints, seen from the main thread.
import { Worker } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import { WakeEvent } from '../../kernel/wake-event.ts';
import type { AgentFault } from '../../model/rpc.ts';
import type { PartyReport } from '../../model/script.ts';
import { type RawReply, type RawRequest, type RawSetup, SHARED } from './order.ts';

/** Until the thread has ended. */
const STOP_LIMIT_MS = 3_000;

/** What it tells besides answers. */
export interface RawNews {
  readonly onLoss: (loss: Extract<RawReply, { kind: 'loss' }>) => void;
  /** It ended unasked. */
  readonly onBroken: (fault: AgentFault) => void;
}

interface Waiting {
  readonly resolve: (reports: readonly PartyReport[]) => void;
  readonly reject: (fault: Fault) => void;
}

export class RawThread {
  readonly #news: RawNews;
  readonly #worker: Worker;
  readonly #words = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
  readonly #ended: Promise<void>;
  readonly #event = new WakeEvent();
  readonly #waiting = new Map<string, Waiting>();
  #failure: Fault | undefined;
  #isStopping = false;
  readonly #onExit = (): void => this.#signalStop();

  constructor(news: RawNews) {
    this.#news = news;
    const setup: RawSetup = { shared: this.#words.buffer, event: this.#event.fd };
    // Beside the agent's bundle, or this file's own sources when it runs from them.
    const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './agent-raw.js';
    this.#worker = new Worker(new URL(entry, import.meta.url), {
      workerData: setup,
      // Standard output is the agent's own, for messages to the runner.
      stdout: true,
      // Its descriptors are native code's, which Node's own accounts do not know.
      trackUnmanagedFds: false,
    });
    this.#worker.on('message', (reply: RawReply) => this.#onReply(reply));
    this.#worker.on('error', (cause) => {
      this.#failure ??= new Fault('run', `The thread of raw endpoints broke: ${cause.message}`, {
        cause,
      });
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#onEnd();
        resolve();
      });
    });
    // The process waits for its threads when it exits, and this one may be waiting for a packet.
    process.on('exit', this.#onExit);
  }

  tell(request: RawRequest): void {
    this.#worker.postMessage(request);
    this.#event.set();
  }

  /** Tells, and waits for the answer about the play. */
  ask(request: Extract<RawRequest, { play: string }>): Promise<readonly PartyReport[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#waiting.set(request.play, { resolve, reject });
      this.tell(request);
    });
  }

  /** Plays under way are given up. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#signalStop();
    const limit = setTimeout(() => void this.#worker.terminate(), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(limit);
  }

  #signalStop(): void {
    Atomics.store(this.#words, SHARED.stop, 1);
    this.#event.set();
  }

  #onReply(reply: RawReply): void {
    switch (reply.kind) {
      case 'opened':
        this.#answered(reply.play)?.resolve([]);
        return;
      case 'ended':
        this.#answered(reply.play)?.resolve(reply.reports);
        return;
      case 'refused': {
        const { kind, message, help } = reply.fault;
        this.#answered(reply.play)?.reject(new Fault(kind, message, { help }));
        return;
      }
      case 'loss':
        this.#news.onLoss(reply);
    }
  }

  #answered(play: string): Waiting | undefined {
    const waiting = this.#waiting.get(play);
    this.#waiting.delete(play);
    return waiting;
  }

  #onEnd(): void {
    this.#event.close();
    process.off('exit', this.#onExit);
    const why = this.#isStopping
      ? 'Raw endpoints were stopped'
      : 'The thread of raw endpoints ended by itself';
    const fault = this.#failure ?? new Fault('run', why);
    this.#failure = fault;
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
    if (!this.#isStopping) this.#news.onBroken({ kind: fault.kind, message: fault.message });
  }
}
