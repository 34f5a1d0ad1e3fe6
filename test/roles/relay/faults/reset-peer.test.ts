import { expect } from 'chai';
import { fault, network, noise } from './network.ts';

const OVER = ['reset client', 'reset server', 'reset-by-fault'];

describe('roles/relay/faults/reset-peer', () => {
  it('resets after its time, counted from the first byte, and lets nothing pass', () => {
    const play = network([fault({ kind: 'reset-peer', after: 50 })]);
    play.pass(1000);
    play.hear('client', noise(5));
    play.pass(30);
    play.hear('client', noise(5));
    play.pass(19);
    expect([play.told, play.writes]).to.deep.equal([[], []]);
    play.pass(1);
    expect(play.told).to.deep.equal(OVER);
  });

  it('resets at once where no time is said, also at an end', () => {
    const spoken = network([fault({ kind: 'reset-peer', after: 0 })]);
    spoken.hear('client', noise(5));
    expect(spoken.told).to.deep.equal(OVER);
    const ended = network([fault({ kind: 'reset-peer', after: 0 })]);
    ended.session.ended('client', ended.now);
    expect(ended.told).to.deep.equal(OVER);
  });
});
