// The loop of a mirror in packet mode: block until a packet comes or something is due; tell the role; send what it says.
import { invariant } from '../../../base/invariant.ts';
import {
  FrameMemory,
  PACKET_TYPE_HOST,
  PACKET_TYPE_OUTGOING,
} from '../../../kernel/packet-ring.ts';
import { Waiter } from '../../../kernel/waiter.ts';
import { Comparison } from '../../../roles/mirror/compare/comparison.ts';
import { type Mirror, createMirror } from '../../../roles/mirror/mirror.ts';
import type { PacketView } from '../../../wire/packet.ts';
import type { PlanMirror } from '../../../model/mirror.ts';
import { readU8 } from '../../../wire/bytes.ts';
import { type Exit, FrameEmitter } from '../../raw/frame-emitter.ts';
import { LossCounters } from '../loss-counters.ts';
import { makeHookOf } from '../make-hook.ts';
import { type MirrorFigures, type MirrorReply, type OnlineOrder, SHARED } from '../order.ts';
import { plannedIp } from '../../../model/planned-address.ts';
import { Taps } from '../tap/taps.ts';
import { AnswerIntake } from './answer-intake.ts';
import { CaptureSource } from './capture-source.ts';
import { DrainWatch } from './drain-watch.ts';
import { StatisticsClock } from '../../thread/statistics-clock.ts';
import { loadCapture } from './load-capture.ts';
import { NewsBox } from './news-box.ts';
import { onlineWishes } from './wishes.ts';

/** Address space for rings and frames; taken from the machine as it is touched. */
const MEMORY_BYTES = 2 ** 30;
/** Packets of clients before the target's answers have their turn: few, for a copy waits for its answers, and more while it is behind. */
const BATCH = { least: 64, most: 8192 } as const;
/** How often counters are looked at, microseconds. */
const LOOK_EVERY = 1e6;
/** What the waiter says: which socket is readable does not matter, since all are looked at. */
const TOKEN = 0;

export class OnlineLoop {
  readonly #shared: Int32Array;
  readonly #waiter: Waiter;
  readonly #emitter: FrameEmitter;
  readonly #taps: Taps;
  readonly #capture: CaptureSource | null;
  readonly #exits: Readonly<Partial<Record<4 | 6, Exit>>>;
  readonly #intake: AnswerIntake;
  readonly #mirror: Mirror;
  readonly #box: NewsBox;
  readonly #clock: StatisticsClock<MirrorFigures>;
  readonly #losses: LossCounters;
  readonly #drain: DrainWatch;
  readonly #takeAnswer = (view: PacketView): void => this.#mirror.fromTarget(view, this.#now);
  #hasAll = false;
  #batch: number = BATCH.least;
  /** The latest time that was told to the role, which none may precede. */
  #now = 0;

  /** The thread is in the online server's namespace. */
  constructor(
    { plan, seed, interfaces, hops, answersPort, capture, passwords }: OnlineOrder,
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
    const memory = new FrameMemory(MEMORY_BYTES);
    this.#emitter = new FrameEmitter(memory);
    const comparison = plan.compare === null ? null : new Comparison(plan);
    this.#box = new NewsBox(shared, post);
    this.#mirror = createMirror({
      ...{ plan, seed, makeHook: makeHookOf(plan.hook, passwords) },
      port: {
        send: (packet) => this.#send(packet),
        tell: (news) => this.#box.tell(news),
        heard: (words) => comparison?.heard(words),
      },
    });
    const families = [...new Set(plan.online.addresses.map((text) => plannedIp(text).family))];
    this.#intake = new AnswerIntake(
      { families, port: answersPort },
      {
        ...{ waiter: this.#waiter, token: TOKEN },
        note: (text) => post({ kind: 'note', text }),
      },
    );
    this.#taps = new Taps(memory, interfaces, capture === null ? onlineWishes(plan) : [], {
      onPacket: (view, time, packetType) => this.#onPacket(view, time, packetType),
    });
    this.#capture = capture === null ? null : this.#sourceOf(capture, plan);
    for (const { ring } of this.#taps.rings) this.#waiter.watch(ring.fd, TOKEN);
    this.#exits = Object.fromEntries(
      hops.map(({ family, hop }) => {
        const fd = this.#taps.exit(hop.interface.name);
        invariant(fd !== undefined, 'Copies leave by an interface with a ring');
        return [family, { fd, macs: hop.macs }];
      }),
    );
    this.#clock = new StatisticsClock(
      () => ({
        statistics: this.#mirror.statistics(),
        comparison: comparison?.statistics() ?? null,
      }),
      post,
    );
    this.#drain = new DrainWatch(() => post({ kind: 'drained' }));
    this.#losses = new LossCounters(post);
    this.#losses.addRings(this.#taps);
    this.#losses.add(
      'copied packets lost: an interface did not take them',
      () => this.#emitter.lost,
    );
    this.#losses.add('answers that could not be read', () => this.#intake.unreadable);
    this.#losses.add('packets of the capture not played: the run ended', () =>
      this.#hasAll ? (this.#capture?.left ?? 0) : 0,
    );
    this.#losses.add('reports of copies', () => this.#box.lost);
  }

  /** Serves until it is stopped. */
  run(): void {
    let isBehind = false;
    while (Atomics.load(this.#shared, SHARED.stop) === 0) {
      this.#waiter.wait(isBehind ? 0 : this.#nextDue);
      isBehind = this.#turn(this.#waiter.now);
    }
    this.#mirror.stop(this.#now);
    this.#emitter.flush();
    this.#box.end();
    this.#losses.end();
    this.#clock.end();
    this.#taps.close();
    this.#intake.close();
    this.#waiter.close();
  }

  get #nextDue(): number {
    return Math.min(
      ...[
        this.#capture?.nextDue ?? Infinity,
        this.#mirror.nextDue,
        this.#box.nextDue,
        this.#drain.nextDue,
        this.#now + LOOK_EVERY,
      ],
    );
  }

  /** Whether there is more to do at once. */
  #turn(now: number): boolean {
    const isBehind = this.#read(now) >= this.#batch;
    this.#batch = isBehind ? Math.min(this.#batch * 2, BATCH.most) : BATCH.least;
    this.#advance(now);
    this.#intake.read(this.#takeAnswer);
    if (this.#mirror.nextDue <= this.#now) this.#mirror.onTime(this.#now);
    this.#emitter.flush();
    this.#taps.release();
    if (Atomics.load(this.#shared, SHARED.drain) === 1 && !isBehind && this.#mayEnd(now))
      this.#drain.turn(this.#now, this.#mirror, () => this.#shut());
    this.#box.flush(this.#now);
    this.#clock.turn(this.#now);
    this.#losses.turn(this.#now);
    return isBehind;
  }

  #read(now: number): number {
    if (this.#capture === null) return this.#taps.read(this.#batch, now);
    if (Atomics.load(this.#shared, SHARED.play) === 1) this.#capture.begin(now);
    return this.#capture.read(this.#batch, now);
  }

  /** Whether all has come that is waited for; it stays so. */
  #mayEnd(now: number): boolean {
    if (this.#hasAll || this.#capture === null) return true;
    this.#hasAll = this.#capture.isOver(now);
    return this.#hasAll;
  }

  #sourceOf(path: string, { online, source }: PlanMirror): CaptureSource {
    const speed = source.kind === 'capture' ? source.speed : 1;
    return new CaptureSource(
      loadCapture(path),
      { online, speed },
      {
        fromClient: (view, time) => {
          this.#advance(time);
          this.#mirror.fromClient(view, this.#now);
        },
        fromOnline: (view, time) => {
          this.#advance(time);
          this.#mirror.fromOnline(view, this.#now);
        },
      },
    );
  }

  /** What came until now is all that will be said. */
  #shut(): void {
    this.#taps.shut();
    while (this.#taps.read(BATCH.most, Infinity) > 0) {
      this.#emitter.flush();
      this.#taps.release();
    }
  }

  #onPacket(view: PacketView, time: number, packetType: number): void {
    this.#advance(time);
    if (packetType === PACKET_TYPE_HOST) this.#mirror.fromClient(view, this.#now);
    else if (packetType === PACKET_TYPE_OUTGOING) this.#mirror.fromOnline(view, this.#now);
  }

  #send(packet: Uint8Array): void {
    const exit = this.#exits[readU8(packet, 0) >>> 4 === 4 ? 4 : 6];
    invariant(exit, 'A copy goes to an address of the target');
    this.#emitter.send(exit, packet);
  }

  #advance(time: number): void {
    this.#now = Math.max(this.#now, time);
  }
}
