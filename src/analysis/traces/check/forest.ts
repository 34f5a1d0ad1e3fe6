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
  const ground = groundOf(samples);
  const grown = Array.from({ length: trees }, (_, tree) => {
    const stream = random.fork(`tree ${tree}`);
    const drawn = samples.map(() => stream.below(samples.length));
    let leaves = 0;
    return growTree(ground, drawn, stream, () => leaves++);
  });
  return (sample) => grown.map((tree) => leafOf(tree, sample));
}

/** All samples by feature: a tree is grown of their numbers. */
interface Ground {
  readonly columns: readonly Float64Array[];
  readonly labels: Int32Array;
  /** How many there may be, from 0. */
  readonly labelCount: number;
}

function groundOf(samples: readonly LabelledSample[]): Ground {
  const labels = Int32Array.from(samples, ({ label }) => label);
  return {
    columns: (samples[0]?.features ?? []).map((_, feature) =>
      Float64Array.from(samples, ({ features }) => features[feature] ?? 0),
    ),
    labels,
    labelCount: labels.reduce((most, label) => Math.max(most, label + 1), 0),
  };
}

function leafOf(tree: Tree, sample: readonly number[]): number {
  let at = tree;
  while (!('leaf' in at)) at = (sample[at.feature] ?? 0) <= at.limit ? at.left : at.right;
  return at.leaf;
}

function growTree(
  ground: Ground,
  samples: readonly number[],
  random: Random,
  nextLeaf: () => number,
): Tree {
  const { labels, columns } = ground;
  const first = labels[samples[0] ?? 0];
  const split = samples.every((sample) => labels[sample] === first)
    ? null
    : bestSplit(ground, samples, random);
  if (split === null) return { leaf: nextLeaf() };
  const { feature, limit } = split;
  const column = columns[feature];
  const isLeft = (sample: number): boolean => (column?.[sample] ?? 0) <= limit;
  const right = samples.filter((sample) => !isLeft(sample));
  return {
    ...{ feature, limit },
    left: growTree(ground, samples.filter(isLeft), random, nextLeaf),
    right: growTree(ground, right, random, nextLeaf),
  };
}

interface Split {
  readonly feature: number;
  readonly limit: number;
  readonly impurity: number;
}

/** By the features drawn; by more of them while none tells any samples apart. Null when all samples are the same. */
function bestSplit(ground: Ground, samples: readonly number[], random: Random): Split | null {
  const features = shuffled(ground.columns.length, random);
  const wished = Math.ceil(Math.sqrt(features.length));
  let best: Split | null = null;
  for (const [tried, feature] of features.entries()) {
    if (tried >= wished && best !== null) break;
    const found = splitBy(ground, samples, feature);
    if (found && (best === null || found.impurity < best.impurity)) best = found;
  }
  return best;
}

/** The limit after which both sides are purest by Gini: Σ n·(1 - Σ p²) of the sides is smallest. */
function splitBy(
  { columns, labels, labelCount }: Ground,
  samples: readonly number[],
  feature: number,
): Split | null {
  const column = columns[feature];
  const valueOf = (sample: number): number => column?.[sample] ?? 0;
  const sorted = samples.toSorted((left, right) => valueOf(left) - valueOf(right));
  const left = new SideCounts(labelCount);
  const right = new SideCounts(labelCount);
  for (const sample of sorted) right.add(labels[sample] ?? 0, 1);
  let best: Split | null = null;
  for (let index = 0; index + 1 < sorted.length; index += 1) {
    const sample = sorted[index] ?? 0;
    left.add(labels[sample] ?? 0, 1);
    right.add(labels[sample] ?? 0, -1);
    const [value, next] = [valueOf(sample), valueOf(sorted[index + 1] ?? 0)];
    if (next === value) continue;
    const impurity = left.impurity + right.impurity;
    if (best !== null && impurity >= best.impurity) continue;
    const middle = (value + next) / 2;
    // Of neighbouring numbers, the middle may be the upper one.
    best = { feature, limit: middle < next ? middle : value, impurity };
  }
  return best;
}

/** How many samples of each label are on one side. */
class SideCounts {
  readonly #counts: Int32Array;
  #size = 0;
  #squares = 0;

  constructor(labels: number) {
    this.#counts = new Int32Array(labels);
  }

  add(label: number, change: 1 | -1): void {
    const before = this.#counts[label] ?? 0;
    this.#counts[label] = before + change;
    this.#squares += 2 * change * before + 1;
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
