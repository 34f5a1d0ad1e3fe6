import { expect } from 'chai';
import { fault, network, noise } from './network.ts';

describe('roles/relay/faults/latency', () => {
  it('lets bytes and the end leave later, of its direction alone', () => {
    const play = network([fault({ kind: 'latency', latency: 20, jitter: 0 })]);
    play.hear('client', noise(10));
    play.pass(5);
    play.hear('client', noise(11));
    play.hear('server', noise(3));
    play.session.ended('client', play.now);
    play.pass(14.9);
    expect([play.times('server'), play.times('client')]).to.deep.equal([[], [5]]);
    play.pass(100);
    expect(play.times('server')).to.deep.equal([20, 25]);
    expect(play.told).to.deep.equal(['end server']);
  });

  it('varies by its jitter and the seed, and keeps the order', () => {
    const latency = fault({ kind: 'latency', latency: 50, jitter: 40 });
    const run = (seed: number) => {
      const play = network([latency], { seed });
      const came: number[] = [];
      for (let at = 0; at < 200; at += 1) {
        came.push(at * 10);
        play.hear('client', Uint8Array.of(at));
        play.pass(10);
      }
      play.pass(200);
      expect([...play.got('server')]).to.deep.equal(came.map((_, index) => index));
      return play.times('server').map((left, index) => left - (came[index] ?? 0));
    };
    const delays = run(1);
    expect(Math.min(...delays)).to.be.within(10, 30);
    expect(Math.max(...delays)).to.be.within(70, 90);
    expect(run(1)).to.deep.equal(delays);
    expect(run(2)).to.not.deep.equal(delays);
  });
});
