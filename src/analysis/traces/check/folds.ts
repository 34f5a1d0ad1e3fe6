import type { Random } from '../../../base/random.ts';

/**
 * Deals samples to folds so that each label is spread evenly over them: gives the fold of each sample. The order within a label is by
 * chance; labels begin at different folds, so that no fold is much larger than another.
 */
export function dealFolds(labels: readonly number[], folds: number, random: Random): number[] {
  const dealt = new Array<number>(labels.length).fill(0);
  const order = labels
    .map((label, index) => ({ label, index, draw: random.next() }))
    .sort((left, right) => left.label - right.label || left.draw - right.draw);
  for (const [place, { index }] of order.entries()) dealt[index] = place % folds;
  return dealt;
}
