import { type Trace, totalsOf } from '../../../model/trace.ts';
import { deviationOf, largestOf, meanOf, quantilesOf, smallestOf, sumOf } from './statistics.ts';

/** Packets that a concentration is counted over. */
const CHUNK = 20;
/** Packets at the beginning and the end that are counted apart. */
const ENDS = 30;
/** Parts that the concentrations and the rates are summed up to. */
const PARTS = 20;
/** Microseconds that a rate is counted over. */
const SECOND = 1_000_000;

/**
 * The features of k-fingerprinting (Hayes and Danezis, USENIX Security 2016, section 4.1), those of sizes included, which Tor's cells have not: counts,
 * shares, both ends, concentrations, rates, order, gaps, quantiles of times, bytes. Always as many.
 */
export function kfpFeatures({ times, sizes }: Pick<Trace, 'times' | 'sizes'>): number[] {
  const places = sizes.map((_, index) => index);
  const out = places.filter((place) => (sizes[place] ?? 0) > 0);
  const back = places.filter((place) => (sizes[place] ?? 0) < 0);
  const timesAt = (which: readonly number[]): number[] => which.map((place) => times[place] ?? 0);
  const sizesAt = (which: readonly number[]): number[] =>
    which.map((place) => Math.abs(sizes[place] ?? 0));
  const concentrations = countsPer(out, CHUNK, sizes.length);
  const rates = countsPer(times, SECOND, (times.at(-1) ?? 0) + 1);
  return [
    ...counts({ times, sizes }),
    ...[sizes.slice(0, ENDS), sizes.slice(-ENDS)].flatMap((end) => [
      end.filter((size) => size > 0).length,
      end.filter((size) => size < 0).length,
    ]),
    ...spread(concentrations),
    ...inParts(concentrations),
    ...spread(rates),
    ...inParts(rates),
    ...[out, back].flatMap((which) => [meanOf(which), deviationOf(which)]),
    ...[out, back, places].flatMap((which) => gaps(timesAt(which))),
    ...[out, back, places].flatMap((which) => quantilesOf(timesAt(which), [0.25, 0.5, 0.75, 1])),
    ...[out, back, places].flatMap((which) => [
      meanOf(sizesAt(which)),
      deviationOf(sizesAt(which)),
      largestOf(sizesAt(which)),
    ]),
  ];
}

function counts(trace: Pick<Trace, 'times' | 'sizes'>): number[] {
  const { packetsOut, packetsIn, bytesOut, bytesIn } = totalsOf(trace);
  const packets = Math.max(1, packetsOut + packetsIn);
  return [
    ...[packetsOut, packetsIn, packetsOut + packetsIn],
    ...[packetsOut / packets, packetsIn / packets],
    ...[bytesOut, bytesIn, bytesOut + bytesIn],
  ];
}

/** How many of the places lie in each stretch of `length`, before `end`. */
function countsPer(places: readonly number[], length: number, end: number): number[] {
  const counted = new Array<number>(Math.max(1, Math.ceil(end / length))).fill(0);
  for (const place of places) {
    const stretch = Math.floor(place / length);
    counted[stretch] = (counted[stretch] ?? 0) + 1;
  }
  return counted;
}

const spread = (values: readonly number[]): number[] => [
  meanOf(values),
  deviationOf(values),
  ...quantilesOf(values, [0.5]),
  smallestOf(values),
  largestOf(values),
];

/** Sums of equal parts: as many for a short trace as for a long one. */
const inParts = (values: readonly number[]): number[] =>
  Array.from({ length: PARTS }, (_, part) =>
    sumOf(
      values.slice(
        Math.floor((part * values.length) / PARTS),
        Math.floor(((part + 1) * values.length) / PARTS),
      ),
    ),
  );

function gaps(times: readonly number[]): number[] {
  const between = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return [
    largestOf(between),
    meanOf(between),
    deviationOf(between),
    ...quantilesOf(between, [0.75]),
  ];
}
