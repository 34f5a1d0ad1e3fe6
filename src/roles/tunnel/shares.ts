import { type Random, seededRandom } from '../../base/random.ts';
import type { MovingPolicy } from './policy.ts';
import { weightsOf } from './weights.ts';

/** What a tunnel's migration draws from: the same for the same seed. */
export const migrationRandom = (seed: number, tunnel: string): Random =>
  seededRandom(seed, `migration of ${tunnel}`);

/** What a policy has each of `count` paths carry in the long run, of 1; null of a trace, which has no long run. */
export function sharesOf(
  policy: MovingPolicy,
  count: number,
  random: Random,
): readonly number[] | null {
  if (policy.policy === 'trace') return null;
  const weights = weightsOf(policy, count, random.fork('weights'));
  if (weights) return weights;
  const turns = policy.policy === 'none' ? 1 : count;
  return Array.from({ length: count }, (_, path) => (path < turns ? 1 / turns : 0));
}
