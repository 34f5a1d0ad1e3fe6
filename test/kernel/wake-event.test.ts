import { expect } from 'chai';
import { readSync } from 'node:fs';
import { WakeEvent } from '../../src/kernel/wake-event.ts';
import { Waiter, clockMicros } from '../../src/kernel/waiter.ts';

/** How often it was set since it was last asked. */
function timesSet({ fd }: WakeEvent): number {
  const count = Buffer.alloc(8);
  try {
    readSync(fd, count);
  } catch (error) {
    // It would block.
    expect(error).to.have.property('code', 'EAGAIN');
  }
  return Number(count.readBigUInt64LE());
}

describe('WakeEvent', () => {
  it('set() ends the next wait long before it is due, and that one alone', () => {
    const event = new WakeEvent();
    const waiter = new Waiter(event.fd);
    event.set();
    event.set();
    const due = clockMicros() + 20e6;
    expect(waiter.wait(due)).to.equal(0);
    expect(waiter.now).to.be.below(due);
    expect(timesSet(event)).to.equal(0);
    waiter.close();
    event.close();
  });

  it('close() of the waiter leaves the event to the one that sets it', () => {
    const event = new WakeEvent();
    new Waiter(event.fd).close();
    event.set();
    expect(timesSet(event)).to.equal(1);
    event.close();
  });

  it('set() after close() does nothing, least of all to who has its descriptor by now', () => {
    const event = new WakeEvent();
    event.close();
    const heir = new WakeEvent();
    expect(heir.fd).to.equal(event.fd);
    event.set();
    event.close();
    expect(timesSet(heir)).to.equal(0);
    heir.close();
  });
});
