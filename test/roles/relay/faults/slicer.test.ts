import { expect } from 'chai';
import { fault, network, noise, sizesTo } from './network.ts';

describe('roles/relay/faults/slicer', () => {
  it('lets bytes leave in pieces with gaps between them', () => {
    const play = network([fault({ kind: 'slicer', size: 40, variation: 0, gap: 0.5 })]);
    play.hear('client', noise(100));
    play.pass(5);
    expect(sizesTo(play, 'server')).to.deep.equal([40, 40, 20]);
    expect(play.times('server')).to.deep.equal([0, 0.5, 1]);
  });

  it('varies sizes by the seed, loses nothing, and keeps the end behind them', () => {
    const slicer = fault({ kind: 'slicer', size: 50, variation: 20, gap: 1 });
    const run = (seed: number) => {
      const play = network([slicer], { seed });
      play.hear('client', noise(5000));
      play.session.ended('client', play.now);
      play.pass(500);
      expect(play.got('server')).to.deep.equal(noise(5000));
      expect(play.told).to.deep.equal(['end server']);
      return sizesTo(play, 'server').slice(0, -1);
    };
    const sizes = run(1);
    expect(Math.min(...sizes)).to.be.within(30, 40);
    expect(Math.max(...sizes)).to.be.within(60, 70);
    expect(run(1)).to.deep.equal(sizes);
    expect(run(2)).to.not.deep.equal(sizes);
  });
});
