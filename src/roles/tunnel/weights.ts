import { invariant, unreachable } from '../../base/invariant.ts';
import type { Random } from '../../base/random.ts';
import { normalStream } from '../impair/normal.ts';
import type { MovingPolicy } from './policy.ts';

/**
 * How likely each of `count` paths is at a turn; they sum up to 1. Null of policies that do not choose by chance. Draws what the policy
 * draws once, so that the same stream gives the same weights.
 */
export function weightsOf(
  { policy, weights, alpha }: MovingPolicy,
  count: number,
  random: Random,
): readonly number[] | null {
  switch (policy) {
    case 'none':
    case 'round-robin':
    case 'trace':
      return null;
    case 'uniform':
      return Array.from({ length: count }, () => 1 / count);
    case 'weighted':
      invariant(weights.length === count, 'A weighted policy has one weight a path');
      return normalized(weights);
    case 'dirichlet':
    case 'batched':
      return drawDirichlet(random, alpha, count);
    default:
      return unreachable(policy, 'migration policy');
  }
}

/** The path that a number in [0, 1) falls to. */
export function chooseByWeight(weights: readonly number[], draw: number): number {
  let sum = 0;
  for (const [path, weight] of weights.entries()) {
    sum += weight;
    if (draw < sum) return path;
  }
  // Rounding may leave the sum a little below 1.
  return weights.findLastIndex((weight) => weight > 0);
}

/** Shares of a symmetric Dirichlet distribution: gamma variates over their sum. */
function drawDirichlet(random: Random, alpha: number, count: number): readonly number[] {
  invariant(alpha > 0, 'The concentration of a Dirichlet distribution is above 0');
  const normal = normalStream(random.fork('normal'));
  const logs = Array.from({ length: count }, () => drawLogGamma(random, normal, alpha));
  // All of them may be too small for a number when alpha is: only their ratios matter.
  const largest = Math.max(...logs);
  return normalized(logs.map((log) => Math.exp(log - largest)));
}

/** The logarithm of a gamma variate of shape `alpha` and scale 1: Marsaglia and Tsang (2000), boosted below 1 as they say in section 6. */
function drawLogGamma(random: Random, normal: () => number, alpha: number): number {
  if (alpha < 1)
    return drawLogGamma(random, normal, alpha + 1) + Math.log(1 - random.next()) / alpha;
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.next();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

function normalized(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  invariant(sum > 0 && weights.every((weight) => weight >= 0), 'Some path has a weight above 0');
  return weights.map((weight) => weight / sum);
}
