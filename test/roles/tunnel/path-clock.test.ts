import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../src/base/random.ts';
import { PathClock } from '../../../src/roles/tunnel/path-clock.ts';
import { turnsOf } from '../../../src/roles/tunnel/turns.ts';
import { policyOf } from './policies.ts';

const PATHS = ['a', 'b', 'c'];

describe('roles/tunnel/path-clock', () => {
  it('PathClock says which path is in force and when the next will be', () => {
    const clock = new PathClock(turnsOf(policyOf('round-robin'), PATHS, seededRandom(1)));
    expect([clock.path, clock.until]).to.deep.equal([0, 200]);
    expect([clock.at(199.9), clock.until]).to.deep.equal([0, 200]);
    expect([clock.at(200), clock.until]).to.deep.equal([1, 400]);
    expect([clock.at(200), clock.until]).to.deep.equal([1, 400]);
  });

  it('PathClock passes over turns that nobody asked for, and stays on their grid', () => {
    const clock = new PathClock(turnsOf(policyOf('round-robin'), PATHS, seededRandom(1)));
    expect([clock.at(1050), clock.until]).to.deep.equal([2, 1200]);
  });

  it('PathClock never moves without a policy', () => {
    const clock = new PathClock(turnsOf(policyOf('none'), PATHS, seededRandom(1)));
    expect([clock.at(1e12), clock.until]).to.deep.equal([0, Infinity]);
  });

  it('PathClock says the same however often it is asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 30 }),
        (seed, positions) => {
          const create = (): PathClock =>
            new PathClock(turnsOf(policyOf('uniform'), PATHS, seededRandom(seed)));
          const often = create();
          for (const position of positions.toSorted((left, right) => left - right)) {
            const once = create();
            expect(often.at(position)).to.equal(once.at(position));
            expect(often.until).to.equal(once.until);
            expect(often.until).to.be.above(position);
          }
        },
      ),
    );
  });
});
