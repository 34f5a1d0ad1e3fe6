// A thread of a mirror as the main thread sees it: started, heard and ended.
import type { Fault } from '../../base/fault.ts';
import type { MirrorNews } from '../../model/mirror-record.ts';
import { WakeEvent } from '../../kernel/wake-event.ts';
import { AgentThread, faultOf, threadEntry } from '../thread/agent-thread.ts';
import { type MirrorFigures, type MirrorOrder, type MirrorReply, SHARED } from './order.ts';

/** What is heard of it. */
export interface MirrorListener {
  news(news: readonly MirrorNews[]): void;
  say(line: string): void;
  figures(figures: MirrorFigures): void;
  loss(place: string, count: number, what: string): void;
  /** It ended unasked. */
  broken(fault: Fault): void;
}

export class MirrorThread {
  /** Resolves when it sees packets. Rejects with a fault where it cannot. */
  readonly ready: Promise<void>;
  readonly #thread: AgentThread<never, MirrorReply>;
  readonly #shared = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
  readonly #event = new WakeEvent();
  readonly #node: string;
  readonly #listener: MirrorListener;
  #settleReady: { resolve(): void; reject(fault: Fault): void } | null = null;
  #onDrained: (() => void) | null = null;
  #isReady = false;

  constructor(
    node: string,
    order: Pick<MirrorOrder, 'namespaceFd' | 'part'>,
    listener: MirrorListener,
  ) {
    this.#node = node;
    this.#listener = listener;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    const shared = this.#shared.buffer;
    const workerData: MirrorOrder = { ...order, shared, event: this.#event.fd };
    this.#thread = new AgentThread({
      name: `The mirror's thread at "${node}"`,
      entry: threadEntry(import.meta.url, 'agent-mirror.js'),
      workerData,
      signalStop: () => this.#signal(SHARED.stop),
      onReply: (reply) => this.#hear(reply),
      onEnd: (fault, isAsked) => this.#onEnd(fault, isAsked),
    });
  }

  /** Clients of a capture begin. */
  play(): void {
    if (!this.#thread.hasEnded) this.#signal(SHARED.play);
  }

  /** It takes no more of clients; resolves when it has said what it has, or has had its time. */
  async drain(): Promise<void> {
    if (this.#thread.hasEnded) return;
    await new Promise<void>((resolve) => {
      this.#onDrained = resolve;
      this.#signal(SHARED.drain);
    });
  }

  async stop(): Promise<void> {
    await this.#thread.stop();
    this.#event.close();
  }

  #signal(word: number): void {
    Atomics.store(this.#shared, word, 1);
    this.#event.set();
  }

  #hear(reply: MirrorReply): void {
    switch (reply.kind) {
      case 'ready':
        this.#isReady = true;
        this.#settleReady?.resolve();
        return;
      case 'fault':
        this.#thread.breakOf(faultOf(reply.fault));
        return;
      case 'news':
        this.#listener.news(reply.news);
        Atomics.add(this.#shared, SHARED.taken, reply.news.length);
        return;
      case 'note':
        this.#listener.say(reply.text);
        return;
      case 'statistics':
        this.#listener.figures(reply.statistics);
        return;
      case 'loss':
        this.#listener.loss(this.#node, reply.count, reply.what);
        return;
      case 'drained':
        this.#onDrained?.();
    }
  }

  #onEnd(fault: Fault, isAsked: boolean): void {
    this.#settleReady?.reject(fault);
    this.#onDrained?.();
    if (!isAsked && this.#isReady) this.#listener.broken(fault);
  }
}
