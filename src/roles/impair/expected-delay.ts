// What a measurement of an impaired link should find: a mixture of frames sent at once (reordering) and frames delayed by a
// normal distribution that is cut off at zero. Worked out from quantiles, since the cut has no simple formula.
import type { Impairment } from '../../model/plan.ts';

/** Milliseconds. */
export interface ExpectedDelay {
  readonly median: number;
  /** Standard deviation. */
  readonly deviation: number;
}

const QUANTILES = 1000;

/** `frameBytes` long frames, far enough apart not to wait for each other. */
export function expectedDelay(impairment: Impairment, frameBytes: number): ExpectedDelay {
  const { delay, jitter, reorderRatio, rate } = impairment;
  const serialisation = rate === null ? 0 : (frameBytes * 8 * 1000) / rate;
  const values = Array.from({ length: QUANTILES }, (_, index) => {
    const share = (index + 0.5) / QUANTILES;
    if (share < reorderRatio) return 0;
    const within = (share - reorderRatio) / (1 - reorderRatio);
    return Math.max(0, delay + jitter * normalQuantile(within));
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / QUANTILES;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / QUANTILES;
  // The quantiles rise, but the share sent at once may lie above the lowest of the others.
  const sorted = values.toSorted((left, right) => left - right);
  const median = ((sorted[QUANTILES / 2 - 1] ?? 0) + (sorted[QUANTILES / 2] ?? 0)) / 2;
  return { median: median + serialisation, deviation: Math.sqrt(variance) };
}

/** The inverse of the standard normal distribution, by bisection over its series; exact to 1e-9 within ±6. */
export function normalQuantile(share: number): number {
  let low = -6;
  let high = 6;
  for (let round = 0; round < 34; round += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The share of the standard normal distribution below `x`: Abramowitz and Stegun 26.2.10, summed until terms vanish. */
function normalShare(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120 && Math.abs(term) > 1e-12; n += 1) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
