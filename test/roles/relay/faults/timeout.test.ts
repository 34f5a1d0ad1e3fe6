import { expect } from 'chai';
import { fault, network, noise } from './network.ts';

const OVER = ['end client', 'end server', 'closed-by-fault'];

describe('roles/relay/faults/timeout', () => {
  it('lets nothing pass, and ends the session after its time', () => {
    const play = network([fault({ kind: 'timeout', after: 50 })]);
    play.hear('client', noise(5));
    play.hear('server', noise(6));
    play.pass(40);
    play.hear('client', noise(5));
    play.pass(9);
    expect([play.got('server').length, play.got('client').length]).to.deep.equal([0, 6]);
    expect(play.told).to.deep.equal([]);
    play.pass(1);
    expect(play.told).to.deep.equal(OVER);
  });

  it('never ends it where no time is said', () => {
    const play = network([fault({ kind: 'timeout', after: 0 })]);
    play.hear('client', noise(5));
    expect(play.session.nextDue).to.equal(Infinity);
    play.pass(1e6);
    expect([play.told, play.writes]).to.deep.equal([[], []]);
  });

  for (const after of [0, 50])
    it(`of ${after} ms ends it when its sender ends it, or the fault is taken away`, () => {
      const ended = network([fault({ kind: 'timeout', after })]);
      ended.session.ended('client', ended.now);
      expect(ended.told).to.deep.equal(OVER);
      const freed = network([fault({ kind: 'timeout', after })]);
      freed.relay.setFaults([], freed.now);
      expect(freed.told).to.deep.equal(OVER);
    });
});
