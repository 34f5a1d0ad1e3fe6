// The assistant's loop: whatever the target says to clients goes on to the mirror, and nowhere else.
import {
  FrameMemory,
  PACKET_TYPE_HOST,
  PACKET_TYPE_OUTGOING,
} from '../../../kernel/packet-ring.ts';
import { Waiter } from '../../../kernel/waiter.ts';
import { LossCounters } from '../loss-counters.ts';
import { type AssistantOrder, type MirrorReply, SHARED } from '../order.ts';
import { Taps } from '../tap/taps.ts';
import { AnswerSender } from './answer-sender.ts';
import { answerWishes, wantsAnswers } from './wishes.ts';

/** Address space for rings; taken from the machine as it is touched. */
const MEMORY_BYTES = 2 ** 29;
/** Packets before what they become is sent. */
const BATCH = 512;
/** How often counters are looked at, microseconds. */
const LOOK_EVERY = 1e6;
const TOKEN = { rings: 0, sender: 1 } as const;
const WHOLE_PAYLOAD = 0xffff;

export class AssistantLoop {
  readonly #shared: Int32Array;
  readonly #waiter: Waiter;
  readonly #taps: Taps;
  readonly #sender: AnswerSender;
  readonly #losses: LossCounters;

  /** The thread is in the assistant's namespace. */
  constructor(
    { plan, interfaces, mirrorAt, answersPort }: AssistantOrder,
    {
      event,
      shared,
      post,
    }: {
      readonly event: number;
      readonly shared: Int32Array;
      readonly post: (reply: MirrorReply) => void;
    },
  ) {
    this.#shared = shared;
    this.#waiter = new Waiter(event);
    const payload = wantsAnswers(plan) ? WHOLE_PAYLOAD : 0;
    // The target's own packets are seen as they leave it; on a node of its own, as they come.
    const wanted = plan.assistant === plan.target.node ? PACKET_TYPE_OUTGOING : PACKET_TYPE_HOST;
    this.#taps = new Taps(new FrameMemory(MEMORY_BYTES), interfaces, answerWishes(plan), {
      onPacket: (view, _time, packetType) => {
        if (packetType === wanted) this.#sender.add(view, payload);
      },
    });
    for (const { ring } of this.#taps.rings) this.#waiter.watch(ring.fd, TOKEN.rings);
    this.#sender = new AnswerSender(
      { addresses: mirrorAt, port: answersPort },
      {
        ...{ waiter: this.#waiter, token: TOKEN.sender },
        onConnected: (address) => {
          post({ kind: 'note', text: `the assistant hands answers on to ${address}` });
          post({ kind: 'ready' });
        },
        onEnd: (reason) =>
          post({ kind: 'note', text: `the assistant hands no more answers on: ${reason}` }),
      },
    );
    this.#losses = new LossCounters(post);
    this.#losses.addRings(this.#taps);
    this.#losses.add('answers lost: the mirror did not take them', () => this.#sender.lost);
  }

  /** Serves until it is stopped. */
  run(): void {
    let isBehind = false;
    while (Atomics.load(this.#shared, SHARED.stop) === 0) {
      const { now } = this.#waiter;
      const due = Math.min(this.#sender.nextDue, now + LOOK_EVERY);
      const changed = this.#waiter.wait(isBehind ? 0 : due);
      for (let index = 0; index < changed; index += 1)
        if (this.#waiter.ready[index] === TOKEN.sender)
          this.#sender.onChange(this.#waiter.events[index] ?? 0);
      isBehind = this.#turn(this.#waiter.now);
    }
    this.#losses.end();
    this.#taps.close();
    this.#sender.close();
    this.#waiter.close();
  }

  /** Whether there is more to do at once. */
  #turn(now: number): boolean {
    this.#sender.turn(now);
    const taken = this.#taps.read(BATCH, Infinity);
    this.#sender.flush();
    this.#taps.release();
    this.#losses.turn(now);
    return taken >= BATCH;
  }
}
