import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import type { MirrorNews } from '../../../src/model/mirror-record.ts';
import { InOrder } from '../../../src/roles/mirror/in-order.ts';
import { createMirror } from '../../../src/roles/mirror/mirror.ts';
import { Timers } from '../../../src/roles/relay/timers.ts';
import { buildTcp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { TCP_FLAG, addSequence } from '../../../src/wire/tcp.ts';
import { emitTcpOptions } from '../../../src/wire/tcp-options.ts';
import { V4, swapped } from '../endpoint/tcp/playbook.ts';
import { PLAN, START, TARGET_PORT } from './world.ts';

const { ACK, FIN, PSH, SYN } = TCP_FLAG;
const BYTES = 100_000_000;
/** What the kernel makes of the segments of a fast sender before a capture sees them (GRO). */
const SUPER_PACKET = 65_160;
const LOSS = 0.001;
const WINDOW = 2000;
const WINDOW_SHIFT = 9;

/** What is uploaded over and over: no power of two, so that a segment in a wrong place is seen. */
const PERIOD = 999_983;
const PATTERN = Buffer.concat([seededRandom(1).bytes(PERIOD), seededRandom(1).bytes(PERIOD)]);
const bytesAt = (place: number, length: number): Uint8Array =>
  PATTERN.subarray(place % PERIOD, (place % PERIOD) + length);

/** A receiver of one connection: it puts segments in order, checks each byte and acknowledges. */
class Receiver {
  wrong = 0;
  hasEnded = false;
  #upstream = new InOrder(0, WINDOW << WINDOW_SHIFT, () => undefined);

  /** What it answers, or null. */
  take(view: PacketView): Uint8Array | null {
    const { flags, sequence, payloadLength, payload } = view;
    if ((flags & SYN) !== 0) {
      this.#upstream = new InOrder(
        addSequence(sequence, 1),
        WINDOW << WINDOW_SHIFT,
        (length, bytes) => this.#check(length, bytes),
      );
      return this.#say(SYN | ACK, 999);
    }
    if (payloadLength === 0 && (flags & FIN) === 0) return null;
    this.#upstream.add(sequence, payloadLength, payload, 0);
    const end = addSequence(sequence, payloadLength);
    this.hasEnded ||= (flags & FIN) !== 0 && end === this.#upstream.next;
    return this.#say(this.hasEnded ? ACK | FIN : ACK, 1000);
  }

  get received(): number {
    return this.#upstream.taken;
  }

  #check(length: number, bytes: Uint8Array | null): void {
    const right = bytesAt(this.received - length, length);
    if (bytes === null || Buffer.compare(bytes, right) !== 0) this.wrong += 1;
  }

  #say(flags: number, sequence: number): Uint8Array {
    const options =
      (flags & SYN) === 0
        ? new Uint8Array(0)
        : emitTcpOptions([
            { kind: 'maximum-segment-size', size: 1460 },
            { kind: 'no-operation' },
            { kind: 'window-scale', shift: WINDOW_SHIFT },
          ]);
    const acknowledgment = addSequence(this.#upstream.next, this.hasEnded ? 1 : 0);
    const ends = { ...swapped(V4), sourcePort: TARGET_PORT };
    return buildTcp({ ...ends, sequence, acknowledgment, flags, options, window: WINDOW });
  }
}

describe('roles/mirror/mirror, an upload', () => {
  it('copies 100 MB whole at 100 MB/s, though segments are lost on the way to the target', () => {
    const chance = seededRandom(1);
    const queue = new Timers();
    const receiver = new Receiver();
    const news: MirrorNews[] = [];
    let now = START;
    const view = new PacketView();
    const arrive = (packet: Uint8Array, act: (view: PacketView) => void): void => {
      if (view.load(packet, 0, packet.length)) act(view);
    };
    const target = { ...PLAN.target, addresses: ['10.0.0.2'] };
    const online = { ...PLAN.online, addresses: ['10.0.0.2'], port: V4.destinationPort };
    const mirror = createMirror({
      plan: { ...PLAN, target, online },
      seed: 1,
      makeHook: null,
      port: {
        send: (packet) => {
          if (chance.next() < LOSS) return;
          queue.set(now + 100, () => {
            arrive(packet, (loaded) => {
              const answer = receiver.take(loaded);
              if (answer !== null)
                queue.set(now + 100, () => arrive(answer, (head) => mirror.fromTarget(head, now)));
            });
          });
        },
        tell: (one) => news.push(one),
        heard: () => undefined,
      },
    });
    const say = (sequence: number, flags: number, payload?: Uint8Array): void =>
      arrive(buildTcp({ ...V4, sequence, acknowledgment: 1, flags, payload }), (loaded) =>
        mirror.fromClient(loaded, now),
      );
    const options = emitTcpOptions([{ kind: 'window-scale', shift: 7 }]);
    arrive(buildTcp({ ...V4, sequence: 4_294_000_000, flags: SYN, options }), (loaded) =>
      mirror.fromClient(loaded, now),
    );
    let place = 0;
    const next = (): void => {
      const size = Math.min(SUPER_PACKET, BYTES - place);
      const payload = bytesAt(place, size);
      const sequence = addSequence(4_294_000_001, place);
      place += size;
      say(sequence, place === BYTES ? ACK | PSH | FIN : ACK, payload);
      // 100 MB/s of the virtual clock.
      if (place < BYTES) queue.set(now + 652, next);
    };
    queue.set(now, next);
    while (mirror.statistics().sessions.open > 0) {
      now = Math.max(now, Math.min(queue.nextDue, mirror.nextDue));
      queue.run(now);
      if (mirror.nextDue <= now) mirror.onTime(now);
    }
    expect([receiver.received, receiver.wrong]).to.deep.equal([BYTES, 0]);
    expect(news.at(-1)).to.include({ kind: 'ended', ending: 'finished', sent: BYTES, short: 0 });
    expect(mirror.statistics().bytes.mostWaiting).to.be.lessThan(PLAN.limits.sessionBytes);
  }).timeout(120_000);
});
