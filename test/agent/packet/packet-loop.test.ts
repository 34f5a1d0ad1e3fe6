import { expect } from 'chai';
import { EmissionQueue } from '../../../src/agent/packet/emission-queue.ts';
import { lossCounter } from '../../../src/agent/packet/loss-report.ts';
import { PacketLoop } from '../../../src/agent/packet/packet-loop.ts';
import { FrameMemory } from '../../../src/kernel/packet-ring.ts';
import { WakeEvent } from '../../../src/kernel/wake-event.ts';

const SLOT = 2048;
/** Enough of them that another thread sends them. */
const FRAMES = 100;
const CLOSED = -1;

describe('PacketLoop', () => {
  it('run() reports what was lost of its last frames, whoever sends them', () => {
    const event = new WakeEvent();
    const memory = new FrameMemory(2 ** 20);
    const queue = new EmissionQueue(memory, SLOT, 16 * SLOT, 16 * SLOT);
    const loop = new PacketLoop(memory, queue, event.fd);
    const start = memory.take(SLOT) + SLOT / 2;
    loop.addClock({
      nextDue: 0,
      onTime: () => {
        for (let count = 0; count < FRAMES; count += 1)
          loop.transmitter.send(CLOSED, start, start + 64);
      },
    });
    const lost: number[] = [];
    loop.count(
      lossCounter(
        () => loop.transmitter.lost,
        (count) => lost.push(count),
      ),
    );
    loop.run(
      () => true,
      () => undefined,
    );
    event.close();
    expect(lost).to.deep.equal([FRAMES]);
  });
});
