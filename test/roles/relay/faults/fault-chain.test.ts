import { expect } from 'chai';
import { Play, RAW } from '../playbook.ts';
import { fault, network, noise, sizesTo } from './network.ts';

const LATE = fault({ kind: 'latency', latency: 20, jitter: 0 });
const SLICED = fault({ kind: 'slicer', size: 4, variation: 0, gap: 1 });

describe('roles/relay/faults/fault-chain', () => {
  it('has one behind the other, in the order written', () => {
    const play = network([SLICED, LATE, fault({ kind: 'limit-data', bytes: 10 })]);
    play.hear('client', noise(12));
    play.pass(100);
    expect(sizesTo(play, 'server')).to.deep.equal([4, 4, 2]);
    expect(play.times('server')).to.deep.equal([20, 21, 22]);
    expect(play.told.at(-1)).to.equal('closed-by-fault');
  });

  it('delays what ends a session behind the bytes before it', () => {
    const play = network([fault({ kind: 'limit-data', bytes: 10 }), LATE]);
    play.hear('client', noise(12));
    play.pass(19);
    expect(play.told).to.deep.equal([]);
    play.pass(1);
    expect([play.got('server').length, play.told.at(-1)]).to.deep.equal([10, 'closed-by-fault']);
  });

  it('holds for a share of the sessions, the same for the same seed', () => {
    const late = (seed: number): readonly boolean[] => {
      const play = new Play({ protocol: RAW, faults: [{ ...LATE, probability: 0.3 }] }, { seed });
      return Array.from({ length: 1000 }, (_, index) => {
        const session = play.open(index + 2);
        session.dialled(play.now);
        session.received('client', noise(1), play.now);
        return session.nextDue < Infinity;
      });
    };
    const first = late(1);
    expect(first.filter(Boolean).length).to.be.within(250, 350);
    expect(late(1)).to.deep.equal(first);
    expect(late(2)).to.not.deep.equal(first);
  });

  it('leaves out what is switched off, and the other direction', () => {
    const play = network([
      { ...LATE, enabled: false },
      { ...LATE, name: 'other', direction: 'downstream' },
    ]);
    play.hear('client', noise(1));
    expect(play.times('server')).to.deep.equal([0]);
  });

  it('lets go at once what a fault that is taken away holds back, before what comes then', () => {
    const play = network([LATE, SLICED]);
    play.hear('client', noise(8));
    play.pass(20);
    play.hear(
      'client',
      noise(8).map((byte) => byte ^ 1),
    );
    expect(sizesTo(play, 'server')).to.deep.equal([4]);
    play.relay.setFaults([], play.now);
    play.hear('client', Uint8Array.of(99));
    expect([...play.got('server')]).to.deep.equal([
      ...noise(8),
      ...noise(8).map((byte) => byte ^ 1),
      99,
    ]);
  });

  it('leaves a fault alone that stays as it was', () => {
    const play = network([LATE]);
    play.hear('client', noise(3));
    play.pass(10);
    play.relay.setFaults([SLICED, LATE], play.now);
    play.hear('client', noise(6));
    play.pass(100);
    expect(play.times('server')).to.deep.equal([20, 30, 31]);
    expect(sizesTo(play, 'server')).to.deep.equal([3, 4, 2]);
  });

  it('takes a fault of other settings for another', () => {
    const play = network([LATE]);
    play.hear('client', noise(3));
    play.relay.setFaults([{ ...LATE, ...{ kind: 'latency', latency: 5, jitter: 0 } }], play.now);
    play.hear('client', noise(3));
    play.pass(100);
    expect(play.times('server')).to.deep.equal([0, 5]);
  });

  it('holds for sessions that come later', () => {
    const play = network([]);
    play.relay.setFaults([LATE], play.now);
    const session = play.open(2);
    session.dialled(play.now);
    session.received('client', noise(1), play.now);
    expect(session.nextDue).to.equal(play.now + 20_000);
  });
});
