import { expect } from 'chai';
import { IdleClock, idleLimit } from '../../../src/roles/relay/idle-clock.ts';
import { LIMITS, relaySpec } from './playbook.ts';

describe('roles/relay/idle-clock', () => {
  it('runs out when nothing has come for its time', () => {
    const clock = new IdleClock(100, 1000);
    expect(clock.due).to.equal(1100);
    expect(clock.hasRunOut(1099)).to.equal(false);
    expect(clock.hasRunOut(1100)).to.equal(true);
  });

  it('is put off by what comes, and looked at when it would have run out', () => {
    const clock = new IdleClock(100, 1000);
    clock.hear(1050);
    expect(clock.due).to.equal(1100);
    expect(clock.hasRunOut(1100)).to.equal(false);
    expect(clock.due).to.equal(1150);
    expect(clock.hasRunOut(1150)).to.equal(true);
  });

  it('never runs out without a limit', () => {
    const clock = new IdleClock(Infinity, 1000);
    expect(clock.due).to.equal(Infinity);
    expect(clock.hasRunOut(1e15)).to.equal(false);
  });

  it('has the time that is said; else a minute for datagrams, and none for streams', () => {
    const datagrams = { listen: { kind: 'udp', host: '127.0.0.1', port: 1 } } as const;
    const limits = { ...LIMITS, idleTimeout: 5 };
    expect(idleLimit(relaySpec())).to.equal(Infinity);
    expect(idleLimit(relaySpec(datagrams))).to.equal(60_000_000);
    expect(idleLimit(relaySpec({ ...datagrams, limits }))).to.equal(5000);
  });
});
