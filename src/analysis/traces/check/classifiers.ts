// Two classifiers of website fingerprinting, small enough to run over any results at once. Each learns from samples and then names a label.
import type { Random } from '../../../base/random.ts';
import { type LabelledSample, growForest } from './forest.ts';
import { nearestLabel } from './nearest-label.ts';
import { deviationOf, meanOf } from './statistics.ts';

/** Neighbours asked: k-fingerprinting's own. */
const NEIGHBOURS = 3;
/** k-fingerprinting has 1,000; the leaves of 100 already say nearly the same. */
const TREES = 100;

export type Classifier = (features: readonly number[]) => number | null;
export type Learner = (samples: readonly LabelledSample[], random: Random) => Classifier;

/** The nearest by Euclidean distance, each feature in standard deviations of the samples learned. */
export const learnNearest: Learner = (samples) => {
  const width = samples[0]?.features.length ?? 0;
  const scales = Array.from({ length: width }, (_, feature) => {
    const values = samples.map(({ features }) => features[feature] ?? 0);
    return { mean: meanOf(values), deviation: deviationOf(values) };
  });
  const scaled = (features: readonly number[]): number[] =>
    scales.map(({ mean, deviation }, feature) =>
      deviation === 0 ? 0 : ((features[feature] ?? 0) - mean) / deviation,
    );
  const known = samples.map(({ features, label }) => ({ place: scaled(features), label }));
  return (features) => {
    const place = scaled(features);
    const neighbours = known.map((one) => ({
      distance: place.reduce((sum, value, at) => sum + (value - (one.place[at] ?? 0)) ** 2, 0),
      label: one.label,
    }));
    return nearestLabel(neighbours, NEIGHBOURS);
  };
};

/** The nearest by the share of trees in which they end at another leaf (Hayes and Danezis 2016, section 3). */
export const learnLeaves: Learner = (samples, random) => {
  const forest = growForest(samples, { trees: TREES, random });
  const known = samples.map(({ features, label }) => ({ leaves: forest(features), label }));
  return (features) => {
    const leaves = forest(features);
    const neighbours = known.map((one) => ({
      distance: leaves.reduce((sum, leaf, tree) => sum + (leaf === one.leaves[tree] ? 0 : 1), 0),
      label: one.label,
    }));
    return nearestLabel(neighbours, NEIGHBOURS);
  };
};
