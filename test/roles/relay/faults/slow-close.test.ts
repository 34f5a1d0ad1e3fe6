import { expect } from 'chai';
import { fault, network, noise } from './network.ts';

describe('roles/relay/faults/slow-close', () => {
  it('tells the end later, and bytes at once', () => {
    const play = network([fault({ kind: 'slow-close', delay: 30 })]);
    play.hear('client', noise(5));
    play.session.ended('client', play.now);
    expect(play.times('server')).to.deep.equal([0]);
    play.pass(29);
    expect(play.told).to.deep.equal([]);
    play.pass(1);
    expect(play.told).to.deep.equal(['end server']);
  });
});
