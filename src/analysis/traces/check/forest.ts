// A random forest (Breiman 2001) that says where a sample ends, not what it is: k-fingerprinting compares traces by the leaves that they reach.
import type { Random } from '../../../base/random.ts';

type Tree =
  | { readonly leaf: number }
  | {
      readonly feature: number;
      /** Up to it, and including it, to the left. */
      readonly limit: number;
      readonly left: Tree;
      readonly right: Tree;
    };

/** Gives a sample's leaf in each tree. */
export type Forest = (sample: readonly number[]) => readonly number[];

export interface LabelledSample {
  readonly features: readonly number[];
  /** From 0. */
  readonly label: number;
}

/** Trees that are grown until each leaf has one label, each from a draw of the samples with replacement, by √n features a split. */
export function growForest(
  samples: readonly LabelledSample[],
  { trees, random }: { readonly trees: number; readonly random: Random },
): Forest {
  const grown = Array.from({ length: trees }, (_, tree) => {
    const stream = random.fork(`tree ${tree}`);
    const drawn = samples.flatMap(() => samples[stream.below(samples.length)] ?? []);
    let leaves = 0;
    return growTree(drawn, stream, () => leaves++);
  });
  return (sample) => grown.map((tree) => leafOf(tree, sample));
}

function leafOf(tree: Tree, sample: readonly number[]): number {
  let at = tree;
  while (!('leaf' in at)) at = (sample[at.feature] ?? 0) <= at.limit ? at.left : at.right;
  return at.leaf;
}

function growTree(
  samples: readonly LabelledSample[],
  random: Random,
  nextLeaf: () => number,
): Tree {
  const split = samples.every(({ label }) => label === samples[0]?.label)
    ? null
    : bestSplit(samples, random);
  if (split === null) return { leaf: nextLeaf() };
  const { feature, limit } = split;
  const isLeft = ({ features }: LabelledSample): boolean => (features[feature] ?? 0) <= limit;
  return {
    ...{ feature, limit },
    left: growTree(samples.filter(isLeft), random, nextLeaf),
    right: growTree(
      samples.filter((sample) => !isLeft(sample)),
      random,
      nextLeaf,
    ),
  };
}

interface Split {
  readonly feature: number;
  readonly limit: number;
}

/** By the features drawn; by more of them while none tells any samples apart. Null when all samples are the same. */
function bestSplit(samples: readonly LabelledSample[], random: Random): Split | null {
  const features = shuffled(samples[0]?.features.length ?? 0, random);
  const wished = Math.ceil(Math.sqrt(features.length));
  let best: (Split & { readonly impurity: number }) | null = null;
  for (const [tried, feature] of features.entries()) {
    if (tried >= wished && best !== null) break;
    const found = splitBy(samples, feature);
    if (found && (best === null || found.impurity < best.impurity)) best = { feature, ...found };
  }
  return best;
}

/** The limit after which both sides are purest by Gini: Σ n·(1 - Σ p²) of the sides is smallest. */
function splitBy(
  samples: readonly LabelledSample[],
  feature: number,
): { readonly limit: number; readonly impurity: number } | null {
  const valueOf = ({ features }: LabelledSample): number => features[feature] ?? 0;
  const sorted = samples.toSorted((left, right) => valueOf(left) - valueOf(right));
  const left = new SideCounts();
  const right = new SideCounts();
  for (const { label } of sorted) right.add(label, 1);
  let best: { limit: number; impurity: number } | null = null;
  for (const [index, sample] of sorted.entries()) {
    left.add(sample.label, 1);
    right.add(sample.label, -1);
    const next = sorted[index + 1];
    if (next === undefined || valueOf(next) === valueOf(sample)) continue;
    const impurity = left.impurity + right.impurity;
    if (best !== null && impurity >= best.impurity) continue;
    const middle = (valueOf(sample) + valueOf(next)) / 2;
    // Of neighbouring numbers, the middle may be the upper one.
    best = { limit: middle < valueOf(next) ? middle : valueOf(sample), impurity };
  }
  return best;
}

/** How many samples of each label are on one side. */
class SideCounts {
  readonly #counts = new Map<number, number>();
  #size = 0;
  #squares = 0;

  add(label: number, change: 1 | -1): void {
    const before = this.#counts.get(label) ?? 0;
    this.#counts.set(label, before + change);
    this.#squares += (before + change) ** 2 - before ** 2;
    this.#size += change;
  }

  get impurity(): number {
    return this.#size === 0 ? 0 : this.#size - this.#squares / this.#size;
  }
}

/** The numbers below `count` in an order by chance (Fisher and Yates). */
function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return order;
}
