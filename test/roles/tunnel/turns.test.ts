import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../src/base/random.ts';
import type { MovingPolicy } from '../../../src/roles/tunnel/policy.ts';
import { type Turn, turnsOf } from '../../../src/roles/tunnel/turns.ts';
import { weightsOf } from '../../../src/roles/tunnel/weights.ts';
import { policyOf } from './policies.ts';

const PATHS = ['wgnet1', 'wgnet2', 'wgnet3'];

function take(policy: MovingPolicy, seed: number, count: number, paths = PATHS): Turn[] {
  const turns = turnsOf(policy, paths, seededRandom(seed));
  return Array.from({ length: count }, () => turns.next().value);
}

/** The share of each path in all that the turns last. */
function shares(turns: readonly Turn[], paths: readonly string[]): number[] {
  const whole = turns.reduce((sum, { lasts }) => sum + lasts, 0);
  return paths.map((_, path) =>
    turns.reduce((sum, turn) => sum + (turn.path === path ? turn.lasts / whole : 0), 0),
  );
}

describe('roles/tunnel/turns', () => {
  it('turnsOf() never moves without a policy', () => {
    expect(take(policyOf('none'), 1, 2)).to.deep.equal([
      { path: 0, lasts: Infinity },
      { path: 0, lasts: Infinity },
    ]);
  });

  it('turnsOf() goes round', () => {
    expect(take(policyOf('round-robin'), 1, 4)).to.deep.equal([
      { path: 0, lasts: 200 },
      { path: 1, lasts: 200 },
      { path: 2, lasts: 200 },
      { path: 0, lasts: 200 },
    ]);
  });

  it('turnsOf() counts packets where periods are packets', () => {
    const policy = policyOf('round-robin', { every: { kind: 'packets', count: 50 } });
    expect(take(policy, 1, 2).map(({ lasts }) => lasts)).to.deep.equal([50, 50]);
  });

  it('turnsOf() does what a trace says, and stays where it ends', () => {
    const trace = [
      { at: 0, to: 'wgnet2' },
      { at: 30, to: 'wgnet1' },
      { at: 100, to: 'wgnet3' },
    ];
    expect(take(policyOf('trace', { trace }), 1, 5)).to.deep.equal([
      { path: 0, lasts: 0 },
      { path: 1, lasts: 30 },
      { path: 0, lasts: 70 },
      { path: 2, lasts: Infinity },
      { path: 2, lasts: Infinity },
    ]);
    expect(take(policyOf('trace', { trace: [] }), 1, 1)).to.deep.equal([
      { path: 0, lasts: Infinity },
    ]);
    const stranger = policyOf('trace', { trace: [{ at: 0, to: 'wgnet9' }] });
    expect(() => take(stranger, 1, 3)).to.throw('"wgnet9"');
  });

  const anySeed = fc.integer({ min: 0, max: 2 ** 31 });
  const anyPolicy = fc.oneof(
    ...(['round-robin', 'uniform', 'dirichlet'] as const).map((name) =>
      fc.constant(policyOf(name)),
    ),
    fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 })
      .filter((weights) => weights.some((weight) => weight > 0))
      .map((weights) => policyOf('weighted', { weights })),
    fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 }))
      .map(([low, more]) => policyOf('batched', { batch: { low, high: low + more } })),
  );

  it('turnsOf() gives the same turns for the same seed, and each path of the list alone', () => {
    fc.assert(
      fc.property(anyPolicy, anySeed, (policy, seed) => {
        const turns = take(policy, seed, 50);
        expect(take(policy, seed, 50)).to.deep.equal(turns);
        for (const { path, lasts } of turns) {
          expect(path).to.be.oneOf([0, 1, 2]);
          expect(lasts).to.be.above(0);
        }
      }),
    );
    expect(take(policyOf('uniform'), 1, 50)).not.to.deep.equal(take(policyOf('uniform'), 2, 50));
  });

  it("turnsOf() keeps to the policy's shares", () => {
    const count = 4000;
    fc.assert(
      fc.property(anyPolicy, anySeed, (policy, seed) => {
        const expected =
          weightsOf(policy, PATHS.length, seededRandom(seed).fork('weights')) ??
          PATHS.map(() => 1 / PATHS.length);
        const found = shares(take(policy, seed, count), PATHS);
        for (const [path, share] of expected.entries()) {
          // Seven standard deviations, and what turns of unequal length add: at most a factor of 1/3 of the variance.
          const bound = 7 * Math.sqrt((1.4 * share * (1 - share)) / count) + 1 / count;
          expect(found[path]).to.be.closeTo(share, bound);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('turnsOf() keeps a batch as long as it may', () => {
    const policy = policyOf('batched', {
      every: { kind: 'packets', count: 1 },
      batch: { low: 50, high: 70 },
    });
    const lengths = take(policy, 3, 3000).map(({ lasts }) => lasts);
    expect([Math.min(...lengths), Math.max(...lengths)]).to.deep.equal([50, 70]);
  });

  it('turnsOf() refuses what makes no policy', () => {
    for (const [policy, paths] of [
      [policyOf('uniform'), []],
      [policyOf('weighted', { weights: [1, 1] }), PATHS],
      [policyOf('weighted', { weights: [0, 0, 0] }), PATHS],
      [policyOf('dirichlet', { alpha: 0 }), PATHS],
      [policyOf('uniform', { every: { kind: 'time', ms: 0 } }), PATHS],
    ] as const)
      expect(() => take(policy, 1, 1, [...paths])).to.throw('this is a bug in runner');
  });
});
