import { expect } from 'chai';
import { fault, network, noise, sizesTo } from './network.ts';

const slow = fault({ kind: 'bandwidth', rate: 80_000 });

describe('roles/relay/faults/bandwidth', () => {
  it('lets bytes leave when the wire has carried them, in portions of a tenth of a second', () => {
    const play = network([slow]);
    play.hear('client', noise(2500));
    play.pass(1000);
    expect(sizesTo(play, 'server')).to.deep.equal([1000, 1000, 500]);
    expect(play.times('server')).to.deep.equal([100, 200, 250]);
    expect(play.got('server')).to.deep.equal(noise(2500));
  });

  it('is free again after a pause', () => {
    const play = network([slow]);
    play.hear('client', noise(100));
    play.hear('client', noise(100));
    play.pass(500);
    play.hear('client', noise(100));
    play.pass(500);
    expect(play.times('server')).to.deep.equal([10, 20, 510]);
  });

  it('stops reading a sender that is faster than it', () => {
    const play = network([slow]);
    for (let index = 0; index < 200; index += 1) play.hear('client', noise(60_000));
    expect(play.told).to.deep.equal(['ignore client']);
  });
});
