import { expect } from 'chai';
import { analyse } from '../../../src/analysis/analyse.ts';
import { Tape } from '../support/tape.ts';

/** A query and an answer that the middle holds for so many milliseconds each. */
function held(stay: number): Tape {
  const tape = new Tape({ protocol: 'udp', destinationPort: 9 });
  for (const index of [0, 1]) {
    const query = { forward: true, payload: `query ${index}`, ipId: index + 1 };
    tape.pass(index * 500, query, { to: 'middle.inside' });
    tape.pass(index * 500 + 5 + stay, query, { from: 'middle.outside' });
  }
  return tape;
}

describe('detectDelayed()', () => {
  it('finds a node that holds every packet', () => {
    const tape = held(120);
    const [verdict] = analyse(tape.evidence(tape.observation({ probe: 'udp' })));
    expect(verdict).to.include({
      cause: 'delayed',
      by: 'middle',
      summary: 'packets held for 120 ms by middle',
    });
  });

  it('leaves what a busy machine does alone', () => {
    const tape = held(15);
    const [verdict] = analyse(tape.evidence(tape.observation({ probe: 'udp' })));
    expect(verdict).to.include({ cause: null });
  });
});
