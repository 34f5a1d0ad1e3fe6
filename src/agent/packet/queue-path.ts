// A node whose packets the kernel forwards, by rules and NAT, and asks us about in between (NFQUEUE in the mangle table's
// FORWARD chain). There the TTL has been lowered already, so what a censor held goes on as it is.
import { PacketQueue } from '../../kernel/nfqueue.ts';
import type { Departure } from './emission-queue.ts';
import type { EventReporter } from './event-reporter.ts';
import { FORGED, JudgeChain, type Judge } from './judge-chain.ts';
import type { PacketLoop, PacketSource } from './packet-loop.ts';
import type { RawInjector } from './raw-injector.ts';

/** Each node has a namespace of its own, and queues are numbered by namespace. */
export const QUEUE_NUMBER = 0;

export interface QueuePathOptions {
  readonly node: string;
  readonly judges: readonly Judge[];
  readonly injector: RawInjector;
}

export class QueuePath implements PacketSource, Departure {
  readonly #loop: PacketLoop;
  readonly #injector: RawInjector;
  readonly #chain: JudgeChain;
  readonly #queue: PacketQueue = new PacketQueue(QUEUE_NUMBER);

  /** This thread is in the node's namespace. */
  constructor(
    loop: PacketLoop,
    reporter: EventReporter,
    { node, judges, injector }: QueuePathOptions,
  ) {
    this.#loop = loop;
    this.#injector = injector;
    this.#chain = new JudgeChain(judges, node, reporter, (packet, at, stage) =>
      this.#emit(packet, at, stage),
    );
  }

  get fd(): number {
    return this.#queue.fd;
  }

  /** Times that the kernel found the queue full. */
  get lost(): number {
    return this.#queue.overruns;
  }

  serve(): number {
    const { now } = this.#loop;
    return this.#queue.serve((memory, start, end) => this.#chain.judge(memory, start, end, now));
  }

  release(): void {
    // The kernel has its packets back with their verdicts.
  }

  close(): void {
    this.#queue.close();
  }

  onDue(start: number, end: number, stage: number): void {
    const { memory, now } = this.#loop;
    if (stage !== FORGED && !this.#chain.judge(memory.bytes, start, end, now, stage)) return;
    this.#injector.send(start, end);
  }

  #emit(packet: Uint8Array, at: number, stage: number): void {
    const { queue, now } = this.#loop;
    const start = queue.store(packet, 0, packet.length);
    if (start < 0) return;
    if (at > now || queue.nextDue <= now) {
      queue.push(start, at, this, stage);
      return;
    }
    this.onDue(start, start + packet.length, stage);
    queue.discard(start);
  }
}
