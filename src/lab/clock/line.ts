// Lines through bounds: offsets that change by a constant drift. For each drift, the bounds leave a range of offsets at the
// beginning; how wide it is, and where such lines can be at any time, are concave functions of the drift.

/** Microseconds of offset that a clock may gain each second: what adjtimex(2) allows the kernel to correct by. */
export const MOST_DRIFT = 500;

/** Of the offset at `at` (seconds): microseconds. */
export interface Bounds {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The bounds that others do not imply for every line: the corners of the hulls of the lower and of the upper ones. */
export function tightest(bounds: readonly Bounds[]): Bounds[] {
  const inTime = bounds.toSorted((left, right) => left.at - right.at);
  const floor = corners(inTime.map(({ at, low }) => [at, low]));
  const roof = corners(inTime.map(({ at, high }) => [at, -high]));
  return [
    ...floor.map(([at, low]) => ({ at, low, high: Infinity })),
    ...roof.map(([at, high]) => ({ at, low: -Infinity, high: -high })),
  ];
}

type Point = readonly [at: number, value: number];

/** The upper hull of points in order of time (Andrew's monotone chain). */
function corners(points: readonly Point[]): Point[] {
  const hull: Point[] = [];
  for (const point of points) {
    while (hull.length >= 2 && !turnsDown(hull.at(-2), hull.at(-1), point)) hull.pop();
    hull.push(point);
  }
  return hull;
}

const turnsDown = (first: Point = [0, 0], middle: Point = [0, 0], last: Point): boolean =>
  (middle[0] - first[0]) * (last[1] - first[1]) < (last[0] - first[0]) * (middle[1] - first[1]);

/** The offsets at 0 of lines with this drift; none when `low` is above `high`. */
export function startRange(bounds: readonly Bounds[], drift: number): Range {
  let low = -Infinity;
  let high = Infinity;
  for (const bound of bounds) {
    low = Math.max(low, bound.low - drift * bound.at);
    high = Math.min(high, bound.high - drift * bound.at);
  }
  return { low, high };
}

const roomOf = (bounds: readonly Bounds[], drift: number): number => {
  const { low, high } = startRange(bounds, drift);
  return high - low;
};

/** The drift that leaves the widest range; the widest below zero comes nearest to the bounds. */
export const roomiestDrift = (bounds: readonly Bounds[]): number =>
  maximise((drift) => roomOf(bounds, drift), { low: -MOST_DRIFT, high: MOST_DRIFT });

/** The drifts of the lines that keep to all bounds; null when there is no such line. */
export function driftRange(bounds: readonly Bounds[]): Range | null {
  const within = roomiestDrift(bounds);
  if (roomOf(bounds, within) < 0) return null;
  const edge = (outer: number): number => {
    let [inside, outside] = [within, outer];
    if (roomOf(bounds, outside) >= 0) return outside;
    for (let round = 0; round < ROUNDS; round += 1) {
      const middle = (inside + outside) / 2;
      if (roomOf(bounds, middle) >= 0) inside = middle;
      else outside = middle;
    }
    return outside;
  };
  return { low: edge(-MOST_DRIFT), high: edge(MOST_DRIFT) };
}

/** Where the lines that keep to all bounds are at `at`. */
export function rangeAt(bounds: readonly Bounds[], drifts: Range, at: number): Range {
  const top = (drift: number): number => startRange(bounds, drift).high + drift * at;
  const bottom = (drift: number): number => startRange(bounds, drift).low + drift * at;
  return {
    low: bottom(maximise((drift) => -bottom(drift), drifts)),
    high: top(maximise(top, drifts)),
  };
}

/** Halvings after which a range of drifts is finer than a double at its size. */
const ROUNDS = 64;

/** Where a concave function is greatest: golden-section search. */
function maximise(value: (at: number) => number, { low, high }: Range): number {
  const shorter = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [low, high];
  let left = to - shorter * (to - from);
  let right = from + shorter * (to - from);
  let [atLeft, atRight] = [value(left), value(right)];
  for (let round = 0; round < ROUNDS; round += 1)
    if (atLeft < atRight) {
      [from, left, atLeft] = [left, right, atRight];
      right = from + shorter * (to - from);
      atRight = value(right);
    } else {
      [to, right, atRight] = [right, left, atLeft];
      left = to - shorter * (to - from);
      atLeft = value(left);
    }
  // Rounding wears the golden ratio off: what lies at the ends is looked at as well.
  return [low, high, left].reduce((best, at) => (value(at) > value(best) ? at : best), right);
}
