import type { Expectation } from '../../model/expectation.ts';
import type { Expectation as Written } from '../../model/scenario-file.ts';
import type { MirrorRange, RangeReader } from './range-reader.ts';
import { AT_LEAST_ONE, type RangeUnit } from './ranges.ts';

/** Undefined when it is of something else. */
export function mirrorExpectation(
  written: Written,
  number: string,
  reader: RangeReader,
): Expectation | undefined {
  const { mirror, ending, doctor } = written;
  if (mirror === undefined) return undefined;
  const count = reader.read('count', 'count');
  const hasCount = written.count === undefined || count !== undefined;
  const ranges = RANGES.flatMap(([key, unit]) => {
    const range = reader.read(key, unit);
    return range === undefined ? [] : [[key, range] as const];
  });
  return {
    kind: 'mirror',
    id: `${number}-mirror-${mirror}`,
    mirror,
    ...(ending === undefined || !hasCount
      ? {}
      : { ending: { name: ending, count: count ?? AT_LEAST_ONE } }),
    ...(doctor === undefined ? {} : { doctor }),
    ...Object.fromEntries(ranges),
  };
}

const RANGES: readonly (readonly [MirrorRange, RangeUnit])[] = [
  ['sessions', 'count'],
  ['refused', 'count'],
  ['whole', 'count'],
  ['copied', 'ratio'],
  ['short', 'size'],
  ['leaked', 'count'],
  ['pairs', 'count'],
  ['different', 'count'],
  ['missing', 'count'],
];
