// The thread of raw endpoints, seen from the main thread.
import type { Fault } from '../../base/fault.ts';
import { WakeEvent } from '../../kernel/wake-event.ts';
import type { AgentFault } from '../../model/rpc.ts';
import type { PartyReport } from '../../model/script.ts';
import { AgentThread, faultOf, threadEntry } from '../thread/agent-thread.ts';
import { type RawReply, type RawRequest, type RawSetup, SHARED } from './order.ts';

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
  readonly #thread: AgentThread<RawRequest, RawReply>;
  readonly #words = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
  readonly #event = new WakeEvent();
  readonly #waiting = new Map<string, Waiting>();
  /** Why it has ended. */
  #end: Fault | undefined;

  constructor(news: RawNews) {
    this.#news = news;
    const setup: RawSetup = { shared: this.#words.buffer, event: this.#event.fd };
    this.#thread = new AgentThread({
      name: 'The thread of raw endpoints',
      entry: threadEntry(import.meta.url, 'agent-raw.js'),
      workerData: setup,
      signalStop: () => {
        Atomics.store(this.#words, SHARED.stop, 1);
        this.#event.set();
      },
      onReply: (reply) => this.#onReply(reply),
      onEnd: (fault, isAsked) => this.#onEnd(fault, isAsked),
    });
  }

  tell(request: RawRequest): void {
    this.#thread.post(request);
    this.#event.set();
  }

  /** Tells, and waits for the answer about the play. */
  ask(request: Extract<RawRequest, { play: string }>): Promise<readonly PartyReport[]> {
    return new Promise((resolve, reject) => {
      if (this.#end) {
        reject(this.#end);
        return;
      }
      this.#waiting.set(request.play, { resolve, reject });
      this.tell(request);
    });
  }

  /** Plays under way are given up. */
  stop(): Promise<void> {
    return this.#thread.stop();
  }

  #onReply(reply: RawReply): void {
    switch (reply.kind) {
      case 'opened':
        this.#answered(reply.play)?.resolve([]);
        return;
      case 'ended':
        this.#answered(reply.play)?.resolve(reply.reports);
        return;
      case 'refused':
        this.#answered(reply.play)?.reject(faultOf(reply.fault));
        return;
      case 'loss':
        this.#news.onLoss(reply);
    }
  }

  #answered(play: string): Waiting | undefined {
    const waiting = this.#waiting.get(play);
    this.#waiting.delete(play);
    return waiting;
  }

  #onEnd(fault: Fault, isAsked: boolean): void {
    this.#event.close();
    this.#end = fault;
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
    if (!isAsked) this.#news.onBroken({ kind: fault.kind, message: fault.message });
  }
}
