import { expect } from 'chai';
import fc from 'fast-check';
import { endpointOf, indexCapture } from '../../src/analysis/capture-index.ts';
import { followPackets } from '../../src/analysis/follow.ts';
import type { SeenPacket } from '../../src/analysis/seen-packet.ts';
import { PLACES } from './support/plans.ts';
import { Tape } from './support/tape.ts';

/** What each capture along the way holds of one direction. */
function listsOf(tape: Tape, forward = true): SeenPacket[][] {
  const tuple = tape.observation().fiveTuple!;
  const initiator = endpointOf(tuple.source, tuple.sourcePort)!;
  const lists = tape.captures().map((capture) => {
    const index = indexCapture(capture);
    const conversation = index.find(tuple);
    const packets = conversation
      ? index.packets(conversation, initiator, { from: 0, to: Infinity })
      : [];
    return packets.filter((packet) => packet.forward === forward);
  });
  return forward ? lists : lists.reverse();
}

describe('followPackets()', () => {
  it('follows each packet through all captures', () => {
    const tape = new Tape();
    tape.handshake();
    const trajectories = followPackets(listsOf(tape));
    expect(trajectories).to.have.length(2);
    expect(trajectories.every(({ first, last }) => first === 0 && last === 3)).to.equal(true);
  });

  it('tells a retransmission from its original by its time stamp, without an IP-ID', () => {
    const tape = new Tape({ family: 6 });
    const segment = { forward: true, sequence: 9, payload: 'x' };
    tape.pass(0, { ...segment, timestamp: 1 }, { to: 'middle.inside' });
    tape.pass(200, { ...segment, timestamp: 2 });
    expect(followPackets(listsOf(tape)).map(({ last }) => last)).to.deep.equal([1, 3]);
  });

  it('keeps a packet that one capture missed in one piece', () => {
    const tape = new Tape();
    const segment = { forward: true, sequence: 9, payload: 'x', ipId: 5 };
    tape.pass(0, segment, { to: 'middle.inside' });
    tape.pass(26, segment, { from: 'server.outside' });
    const [trajectory, ...others] = followPackets(listsOf(tape));
    expect(others).to.deep.equal([]);
    expect(trajectory!.sightings.map((seen) => seen !== null)).to.deep.equal([
      true,
      true,
      false,
      true,
    ]);
  });

  it('takes a copy that a link made of a changed packet for a copy', () => {
    const tape = new Tape();
    const segment = { forward: true, sequence: 9, ipId: 5 };
    tape.pass(0, { ...segment, payload: 'x' }, { to: 'middle.inside' });
    tape.pass(5.1, { ...segment, payload: 'y' }, { from: 'middle.outside' });
    tape.pass(30, { ...segment, payload: 'y' }, { from: 'server.outside' });
    tape.pass(31, { ...segment, payload: 'y' }, { from: 'server.outside' });
    const [trajectory, ...others] = followPackets(listsOf(tape));
    expect(others).to.deep.equal([]);
    expect(trajectory).to.include({ first: 0, last: 3, altered: 2 });
  });

  it('accounts for every packet once, whatever is lost where and however alike packets are', () => {
    const journey = fc.record({
      to: fc.constantFrom(...PLACES),
      sequence: fc.constantFrom(1, 2),
      payload: fc.constantFrom('', 'a', 'b'),
      ipId: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(fc.array(journey, { maxLength: 25 }), (journeys) => {
        const tape = new Tape();
        for (const [index, { to, ...segment }] of journeys.entries())
          tape.pass(index * 100, { forward: true, ...segment }, { to });
        const lists = listsOf(tape);
        const trajectories = followPackets(lists);
        for (const [point, packets] of lists.entries()) {
          const seen = trajectories.filter(({ sightings }) => sightings[point]).length;
          expect(seen).to.equal(packets.length);
        }
        expect(trajectories).to.have.length(journeys.length);
        expect(trajectories.every(({ first, altered }) => first === 0 && altered < 0)).to.equal(
          true,
        );
      }),
    );
  });

  it('takes a hundred thousand equal datagrams in its stride', function () {
    this.timeout(10_000);
    const tape = new Tape({ family: 6, protocol: 'udp' });
    tape.pass(0, { forward: true, payload: 'same' });
    const packet = listsOf(tape)[0]![0]!;
    const many = new Array<SeenPacket>(100_000).fill(packet);
    expect(followPackets([many, many, many, many])).to.have.length(100_000);
  });
});
