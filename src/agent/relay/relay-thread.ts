// A relay's thread as the main thread sees it: started, told, heard and ended.
import { Fault } from '../../base/fault.ts';
import { WakeEvent } from '../../kernel/wake-event.ts';
import type { RelayStatistics } from '../../model/relay.ts';
import type { RelayNews } from '../../model/relay-news.ts';
import { AgentThread, faultOf, threadEntry } from '../thread/agent-thread.ts';
import { Calls } from '../thread/calls.ts';
import { addressesOf } from './addresses-of.ts';
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

export class RelayThread {
  /** Where it listens, as addresses are written. */
  readonly listening: Promise<readonly string[]>;
  readonly #thread: AgentThread<RelayMessage, RelayReply>;
  readonly #pool: Pool;
  readonly #shared: Int32Array;
  readonly #listener: RelayListener;
  readonly #calls = new Calls<RelayAnswer>();
  readonly #event = new WakeEvent();
  #settleReady: { resolve(listening: readonly string[]): void; reject(fault: Fault): void } | null =
    null;

  constructor(
    order: Omit<RelayOrder, 'shared' | 'workers' | 'event' | 'wanted'>,
    listener: RelayListener,
  ) {
    this.#listener = listener;
    this.#shared = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
    const shared = this.#shared.buffer as SharedArrayBuffer;
    const event = this.#event.fd;
    this.#pool = startPool(order, { shared, event }, (reason) => this.#breakPool(reason));
    const workers = this.#pool.ports;
    const wanted = { audits: listener.audit !== null, sessions: !listener.isQuiet };
    const workerData: RelayOrder = { ...order, wanted, shared, workers, event };
    this.listening = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#thread = new AgentThread({
      name: "The relay's thread",
      entry: threadEntry(import.meta.url, 'agent-relay.js'),
      workerData,
      transferList: workers,
      signalStop: () => this.#signalStop(),
      onReply: (reply) => this.#hear(reply),
      onEnd: (fault, isAsked) => this.#onEnd(fault, isAsked),
    });
  }

  /** Resolves when it is in force. */
  change(change: RelayChange): Promise<RelayAnswer> {
    const { id, answer } = this.#calls.open();
    if (this.#thread.hasEnded) this.#calls.rejectAll(hasEnded());
    else this.#say({ kind: 'command', id, change });
    return answer;
  }

  async stop(): Promise<void> {
    await this.#thread.stop();
    await this.#pool.stop();
    this.#event.close();
  }

  #say(message: RelayMessage): void {
    if (this.#thread.hasEnded) return;
    this.#thread.post(message);
    Atomics.add(this.#shared, SHARED.messages, 1);
    this.#event.set();
  }

  #breakPool(reason: string): void {
    this.#thread.breakOf(new Fault('run', `A thread that processes messages broke: ${reason}`));
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
        this.#thread.breakOf(faultOf(reply.fault));
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

  #onEnd(fault: Fault, isAsked: boolean): void {
    this.#calls.rejectAll(hasEnded());
    this.#settleReady?.reject(fault);
    if (!isAsked) this.#listener.broken(fault);
  }
}

const hasEnded = (): Fault => new Fault('run', 'The relay has ended');
