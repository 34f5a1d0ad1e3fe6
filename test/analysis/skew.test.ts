import { NO_SKEW, describeDelay, skewOf } from '../../src/analysis/skew.ts';
import { NODES, lineOfThree } from './support/plans.ts';
import { OWN_CLOCK } from '../../src/model/machine.ts';
import type { PlanNode } from '../../src/model/plan.ts';
import { expect } from 'chai';

const at = (node: PlanNode, machine: string): PlanNode => ({ ...node, machine });

describe('skewOf()', () => {
  const plan = lineOfThree({
    nodes: [NODES.client, at(NODES.middle, 'edge'), at(NODES.server, 'core')],
  });
  const skew = skewOf(plan, {
    edge: { ...OWN_CLOCK, error: 100 },
    core: { ...OWN_CLOCK, error: 30 },
  });

  it('sums the errors of two machines', () => {
    expect(skew('client', 'middle')).to.equal(100);
    expect(skew('middle', 'server')).to.equal(130);
  });

  it('is nothing on one machine', () => {
    expect(skew('middle', 'middle')).to.equal(0);
    expect(skewOf(lineOfThree(), {})('client', 'server')).to.equal(0);
    expect(NO_SKEW('client', 'server')).to.equal(0);
  });
});

describe('describeDelay()', () => {
  it('says how far it may be off, where it may be', () => {
    expect(describeDelay(12.1, 0)).to.equal('12.1 ms');
    expect(describeDelay(12.1, 291)).to.equal('12.1 ms ± 0.3 ms');
    expect(describeDelay(-0.2, 300)).to.equal('-0.20 ms ± 0.3 ms');
  });
});
