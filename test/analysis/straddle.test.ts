import { expect } from 'chai';
import type { Trajectory } from '../../src/analysis/aligned.ts';
import { endpointOf, indexCapture } from '../../src/analysis/capture-index.ts';
import { followPackets } from '../../src/analysis/follow.ts';
import { joinAcross } from '../../src/analysis/straddle.ts';
import { EPOCH, Tape } from './support/tape.ts';

/** Milliseconds at which the second use begins. */
const BORDER = 1000;

/** What was followed of the client's packets before the border, and behind it. */
function followed(tape: Tape): { before: Trajectory[]; after: Trajectory[] } {
  const tuple = tape.observation().fiveTuple!;
  const initiator = endpointOf(tuple.source, tuple.sourcePort)!;
  const indexes = tape.captures().map((capture) => indexCapture(capture));
  const border = EPOCH + BORDER * 1000;
  const follow = (from: number, to: number): Trajectory[] =>
    followPackets(
      indexes.map((index) => {
        const conversation = index.find(tuple);
        return conversation ? index.packets(conversation, initiator, { from, to }) : [];
      }),
    );
  return { before: follow(0, border - 1), after: follow(border, Infinity) };
}

const spanOf = ({ first, last }: Trajectory): [number, number] => [first, last];

describe('joinAcross()', () => {
  const last = { forward: true, sequence: 1001, payload: 'last', ipId: 7 };

  it('makes whole what was under way, and leaves it to whom it came from', () => {
    const tape = new Tape();
    tape.pass(BORDER - 10, last);
    tape.pass(BORDER + 1, { forward: true, flags: ['SYN'], sequence: 9000 });
    const { before, after } = followed(tape);
    expect([before, after].map((all) => all.map(spanOf))).to.deep.equal([
      [[0, 2]],
      [
        [0, 3],
        [3, 3],
      ],
    ]);
    const joined = joinAcross(before, after);
    expect(joined.before.map(spanOf)).to.deep.equal([[0, 3]]);
    expect(joined.before[0]!.sightings.every((seen) => seen !== null)).to.equal(true);
    expect(joined.after.map(spanOf)).to.deep.equal([[0, 3]]);
  });

  it('takes a packet that began on the way for what it is, though another was lost before', () => {
    const tape = new Tape();
    tape.pass(BORDER - 10, last, { to: 'middle.inside' });
    tape.pass(
      BORDER + 1,
      { forward: true, flags: ['RST'], sequence: 1001, ipId: 7 },
      { from: 'middle.outside' },
    );
    const { before, after } = followed(tape);
    expect(joinAcross(before, after)).to.deep.equal({ before, after });
  });

  it('joins a packet once, and not with one that was sent again', () => {
    const tape = new Tape();
    tape.pass(BORDER - 10, last, { to: 'middle.inside' });
    tape.pass(BORDER + 1, last);
    const { before, after } = followed(tape);
    expect(joinAcross(before, after)).to.deep.equal({ before, after });
  });
});
