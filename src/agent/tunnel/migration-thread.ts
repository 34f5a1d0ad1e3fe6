// A migration's thread as the main thread sees it: started, told, heard and ended.
import { Fault } from '../../base/fault.ts';
import { unreachable } from '../../base/invariant.ts';
import type { TunnelSwitch } from '../../model/tunnel.ts';
import { AgentThread, faultOf, threadEntry } from '../thread/agent-thread.ts';
import { Calls } from '../thread/calls.ts';
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

export class MigrationThread {
  /** Resolves when it takes orders. */
  readonly ready: Promise<void>;
  readonly #thread: AgentThread<MigrationCommand, MigrationReply>;
  readonly #shared = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
  readonly #listener: MigrationListener;
  readonly #calls = new Calls<undefined>();
  #settleReady: { resolve(): void; reject(fault: Fault): void } | null = null;

  constructor(order: Omit<MigrationOrder, 'shared'>, listener: MigrationListener) {
    this.#listener = listener;
    const workerData: MigrationOrder = { ...order, shared: this.#shared.buffer };
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#thread = new AgentThread({
      name: "The migration's thread",
      entry: threadEntry(import.meta.url, 'agent-tunnel.js'),
      workerData,
      signalStop: () => {
        Atomics.store(this.#shared, SHARED.stop, 1);
        this.#wake();
      },
      onReply: (reply) => this.#hear(reply),
      onEnd: (fault, isAsked) => {
        this.#settleReady?.reject(fault);
        this.#calls.rejectAll(fault);
        if (!isAsked) listener.broken(fault);
      },
    });
  }

  /** Resolves when it is in force. */
  async change(change: MigrationChange): Promise<void> {
    const { id, answer } = this.#calls.open();
    if (this.#thread.hasEnded) this.#calls.rejectAll(new Fault('run', 'The migration has ended'));
    this.#thread.post({ id, change });
    this.#wake();
    await answer;
  }

  stop(): Promise<void> {
    return this.#thread.stop();
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
      case 'answer':
        if (reply.fault) this.#calls.reject(reply.id, faultOf(reply.fault));
        else this.#calls.resolve(reply.id, undefined);
        return;
      case 'switch': {
        const { time, to, micros } = reply;
        this.#listener.switched({ time, to, micros });
        return;
      }
      case 'fault':
        this.#thread.breakOf(faultOf(reply.fault));
        return;
      default:
        unreachable(reply, 'reply of a migration');
    }
  }
}
