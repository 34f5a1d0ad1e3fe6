// What one path gives away in a closed world: each trace is of one of the sites, and the watcher has seen visits of each. It shows at once whether there
// is anything to see; deep networks and open worlds are for the tools that the traces are written for.
import { type Random, seededRandom } from '../../../base/random.ts';
import type { Trace } from '../../../model/trace.ts';
import type { Accuracy, PathCheck } from '../../../model/trace-check.ts';
import { type Learner, learnLeaves, learnNearest } from './classifiers.ts';
import { cumulFeatures } from './cumul-features.ts';
import { dealFolds } from './folds.ts';
import { kfpFeatures } from './kfp-features.ts';
import { wilsonInterval } from './statistics.ts';

const MOST_FOLDS = 10;
const FEWEST_SITES = 2;
const FEWEST_VISITS = 2;

/** Checks each path by itself, in the order in which paths come. A path with fewer than two sites of two visits is left out, and a note says why. */
export function checkClosedWorld(
  traces: readonly Trace[],
  seed: number,
): { readonly checks: readonly PathCheck[]; readonly notes: readonly string[] } {
  const checks: PathCheck[] = [];
  const notes: string[] = [];
  for (const [path, seen] of groupBy(traces, (trace) => trace.path)) {
    const check = checkPath(path, seen, seededRandom(seed, `check/${path}`));
    if (typeof check === 'string') notes.push(check);
    else checks.push(check);
  }
  return { checks, notes };
}

function checkPath(path: string, seen: readonly Trace[], random: Random): PathCheck | string {
  const whole = seen.filter(({ failure }) => failure === null);
  const groups = [...groupBy(whole, (trace) => trace.site)];
  const judged = groups.filter(([, visits]) => visits.length >= FEWEST_VISITS);
  if (judged.length < FEWEST_SITES)
    return (
      `${path}: not checked: expected ${FEWEST_SITES} sites with ${FEWEST_VISITS} successful visits each, ` +
      `found ${judged.length} of ${groups.length}`
    );
  const labelled = judged.flatMap(([, visits], label) => visits.map((trace) => ({ trace, label })));
  const labels = labelled.map(({ label }) => label);
  const fewest = Math.min(...judged.map(([, visits]) => visits.length));
  const most = Math.max(...judged.map(([, visits]) => visits.length));
  const folds = Math.min(MOST_FOLDS, fewest);
  const dealt = dealFolds(labels, folds, random.fork('folds'));
  const accuracyOf = (learn: Learner, features: (trace: Trace) => number[]): Accuracy => {
    const samples = labelled.map(({ trace, label }) => ({ features: features(trace), label }));
    let right = 0;
    for (let fold = 0; fold < folds; fold += 1) {
      const classify = learn(
        samples.filter((_, index) => dealt[index] !== fold),
        random.fork(`fold ${fold}`),
      );
      for (const [index, sample] of samples.entries())
        if (dealt[index] === fold && classify(sample.features) === sample.label) right += 1;
    }
    return { right, share: right / samples.length, ...wilsonInterval(right, samples.length) };
  };
  return {
    path,
    sites: judged.length,
    traces: labelled.length,
    folds,
    cumul: accuracyOf(learnNearest, cumulFeatures),
    kfp: accuracyOf(learnLeaves, kfpFeatures),
    chance: most / labelled.length,
    notes: [
      ...leftOut(path, seen.length - whole.length, 'failed visit'),
      ...leftOut(
        path,
        groups.length - judged.length,
        'site with one visit',
        'sites with one visit',
      ),
    ],
  };
}

const leftOut = (path: string, count: number, one: string, many = `${one}s`): string[] =>
  count === 0 ? [] : [`${path}: ${count} ${count === 1 ? one : many} left out of the check`];

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
