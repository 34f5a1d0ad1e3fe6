import { expect } from 'chai';
import { fault, network, noise } from './network.ts';

describe('roles/relay/faults/limit-data', () => {
  for (const sizes of [[100], [60, 40], [99, 1], [150], [60, 60]])
    it(`ends the session once 100 bytes of ${sizes.join(' and ')} have passed`, () => {
      const play = network([fault({ kind: 'limit-data', bytes: 100 })]);
      for (const size of sizes) {
        expect(play.told).to.deep.equal([]);
        play.hear('client', noise(size));
      }
      expect(play.got('server')).to.have.length(100);
      expect(play.told).to.deep.equal(['end client', 'end server', 'closed-by-fault']);
    });

  it('counts its direction alone, and passes what is less with its end', () => {
    const play = network([fault({ kind: 'limit-data', bytes: 100 })]);
    play.hear('server', noise(500));
    play.hear('client', noise(99));
    play.session.ended('client', play.now);
    expect(play.got('server')).to.deep.equal(noise(99));
    expect(play.told).to.deep.equal(['end server']);
  });
});
