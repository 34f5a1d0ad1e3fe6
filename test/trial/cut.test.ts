import { attemptWithin, watchForCut } from '../../src/trial/cut.ts';
import { EventEmitter } from 'node:events';
import { Fault } from '../../src/base/fault.ts';
import { Interrupted } from '../../src/trial/interrupt.ts';
import { expect } from 'chai';
import { listenForInterrupts } from '../../src/trial/interrupt.ts';

const never = new Promise<string>(() => undefined);

describe('watchForCut()', () => {
  it('lets work through while nothing cuts it off', async () => {
    const { guard } = watchForCut(listenForInterrupts(new EventEmitter()));
    expect(await guard(Promise.resolve(1))).to.equal(1);
  });

  it('ends a wait when a signal comes, and every wait after it', async () => {
    const source = new EventEmitter();
    const { guard } = watchForCut(listenForInterrupts(source));
    const waiting = guard(never).catch((error: unknown) => error);
    source.emit('SIGINT', 'SIGINT');
    expect(await waiting)
      .to.be.instanceOf(Interrupted)
      .and.have.property('message')
      .include('SIGINT');
    expect(await guard(never).catch((error: unknown) => error)).to.be.instanceOf(Interrupted);
  });

  it('keeps the first reason', async () => {
    const { guard, breakWith } = watchForCut(listenForInterrupts(new EventEmitter()));
    breakWith(new Fault('run', 'first'));
    breakWith(new Fault('run', 'second'));
    expect(await guard(never).catch((error: unknown) => String(error))).to.include('first');
  });
});

describe('attemptWithin()', () => {
  it('gives the value, or undefined for what fails or takes too long', async () => {
    expect(await attemptWithin(Promise.resolve(1), 1000)).to.equal(1);
    expect(await attemptWithin(Promise.reject<string>(new Error('no')), 1000)).to.equal(undefined);
    expect(await attemptWithin(never, 1)).to.equal(undefined);
  });

  it('does not wait past the hurry signal', async () => {
    const hurry = new AbortController();
    const waiting = attemptWithin(never, 60_000, hurry.signal);
    hurry.abort();
    expect(await waiting).to.equal(undefined);
    expect(await attemptWithin(never, 60_000, hurry.signal)).to.equal(undefined);
  });
});
