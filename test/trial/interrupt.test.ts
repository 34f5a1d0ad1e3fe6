import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { listenForInterrupts } from '../../src/trial/interrupt.ts';

describe('listenForInterrupts()', () => {
  it('asks to stop at the first signal and to kill at the second, whichever they are', () => {
    const source = new EventEmitter();
    const interrupts = listenForInterrupts(source);
    expect(interrupts.received).to.equal(null);
    source.emit('SIGTERM', 'SIGTERM');
    expect(interrupts.stopping.aborted).to.equal(true);
    expect(interrupts.killing.aborted).to.equal(false);
    source.emit('SIGINT', 'SIGINT');
    expect(interrupts.killing.aborted).to.equal(true);
    expect(interrupts.received).to.equal('SIGTERM');
  });

  it('gives the signals back', () => {
    const source = new EventEmitter();
    listenForInterrupts(source).release();
    expect(source.eventNames()).to.deep.equal([]);
  });
});
