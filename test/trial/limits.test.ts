import { LIMITS, buildLimit, copyLimit, startLimit, stopLimit } from '../../src/trial/limits.ts';
import type { Dependency } from '../../src/model/container.ts';
import { containerPlan } from './container-plan.ts';
import { expect } from 'chai';

const after = (...containers: string[]): Dependency[] =>
  containers.map((container) => ({ container, condition: 'healthy' }));
const none = startLimit(containerPlan([]));

describe('startLimit()', () => {
  it('is the longest chain of those that wait for each other', () => {
    const plan = containerPlan([
      { name: 'web', startTimeout: 1000, dependsOn: after('app', 'cache') },
      { name: 'app', startTimeout: 2000, dependsOn: after('db') },
      { name: 'cache', startTimeout: 3000 },
      { name: 'db', startTimeout: 4000 },
    ]);
    expect(startLimit(plan) - none).to.equal(7000);
  });

  it('does not add what starts at once', () => {
    const plan = containerPlan([
      { name: 'a', startTimeout: 2000 },
      { name: 'b', startTimeout: 3000 },
    ]);
    expect(startLimit(plan) - none).to.equal(3000);
  });

  it('ends for a plan that no compiler would let through', () => {
    const plan = containerPlan([
      { name: 'a', dependsOn: after('b') },
      { name: 'b', dependsOn: after('a', 'nobody') },
    ]);
    expect(startLimit(plan)).to.be.lessThan(Infinity);
  });
});

describe('stopLimit()', () => {
  it('has room for the grace of all and for each copy', () => {
    const from = { direction: 'out', from: '/a', to: 'a', at: { when: 'end' } } as const;
    const plan = containerPlan([
      { name: 'a', stopGrace: 10_000 },
      { name: 'b', stopGrace: 5_000, copies: [from] },
    ]);
    expect(stopLimit(plan)).to.be.greaterThan(stopLimit(containerPlan([])) + 15_000);
  });
});

describe('buildLimit()', () => {
  it('grows with containers', () => {
    expect(buildLimit(containerPlan([{ name: 'a' }]))).to.be.greaterThan(
      buildLimit(containerPlan([])),
    );
  });
});

describe('copyLimit()', () => {
  it('has room for all copies of one container', () => {
    const from = { direction: 'out', from: '/a', to: 'a', at: { when: 'end' } } as const;
    const plan = containerPlan([{ name: 'a', copies: [from, from] }, { name: 'b' }]);
    expect(copyLimit(plan)).to.equal(2 * LIMITS.copy);
  });
});

describe('LIMITS', () => {
  it('leaves a silent build to the bound of the engine, and lets what makes progress go on', () => {
    expect(LIMITS.silence).to.be.greaterThan(1_800_000);
    expect(LIMITS.prepare).to.be.greaterThan(10 * LIMITS.silence);
  });
});
