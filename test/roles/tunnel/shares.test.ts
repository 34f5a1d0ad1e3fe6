import { expect } from 'chai';
import { migrationRandom, sharesOf } from '../../../src/roles/tunnel/shares.ts';
import { turnsOf } from '../../../src/roles/tunnel/turns.ts';
import { policyOf } from './policies.ts';

const PATHS = ['wgnet1', 'wgnet2', 'wgnet3'] as const;
const random = () => migrationRandom(7, 'wg0');

describe('roles/tunnel/shares', () => {
  it('sharesOf() has all on the first path of one that stays there, and nothing to say of a trace', () => {
    expect(sharesOf(policyOf('none'), 3, random())).to.deep.equal([1, 0, 0]);
    expect(sharesOf(policyOf('trace', { trace: [] }), 3, random())).to.equal(null);
  });

  for (const policy of [
    policyOf('round-robin'),
    policyOf('uniform'),
    policyOf('dirichlet'),
    policyOf('weighted', { weights: [1, 3, 6] }),
    policyOf('batched', { batch: { low: 1, high: 5 } }),
  ])
    it(`sharesOf() says what the turns of ${policy.policy} come to`, () => {
      const lasted = PATHS.map(() => 0);
      const turns = turnsOf(policy, PATHS, random());
      for (let turn = 0; turn < 30_000; turn += 1) {
        const { path, lasts } = turns.next().value;
        lasted[path] = (lasted[path] ?? 0) + lasts;
      }
      const all = lasted.reduce((sum, one) => sum + one, 0);
      for (const [path, share] of (sharesOf(policy, 3, random()) ?? []).entries())
        expect((lasted[path] ?? 0) / all).to.be.closeTo(share, 0.02);
    });
});
