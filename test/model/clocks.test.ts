import { type ClockRecord, OWN_CLOCK } from '../../src/model/machine.ts';
import { clockAt } from '../../src/model/clocks.ts';
import { expect } from 'chai';
import { lineOfThree, planNode } from '../analysis/support/plans.ts';

describe('clockAt()', () => {
  it("is that of the node's machine, or else the controller's own", () => {
    const edge: ClockRecord = { offset: 5, at: 0, drift: 0, error: 1, samples: 1 };
    const plan = lineOfThree({
      nodes: [{ ...planNode('far', []), machine: 'edge' }, planNode('near', [])],
    });
    expect(clockAt({ edge }, plan, 'far')).to.equal(edge);
    expect(clockAt({ edge }, plan, 'near')).to.equal(OWN_CLOCK);
    expect(clockAt({}, plan, 'far')).to.equal(OWN_CLOCK);
  });
});
