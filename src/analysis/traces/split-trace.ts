import type { Random } from '../../base/random.ts';
import type { Trace } from '../../model/trace.ts';
import type { MovingPolicy } from '../../roles/tunnel/policy.ts';
import { PathClock } from '../../roles/tunnel/path-clock.ts';
import { turnsOf } from '../../roles/tunnel/turns.ts';

export type { MovingPolicy } from '../../roles/tunnel/policy.ts';

/**
 * What watchers of several paths would have seen of a recorded trace, had a client moved between the paths: each packet goes by the path in force,
 * in both directions, and each part begins at 0, as in CoMPS's own simulation (`split_traffic.py`). Nothing is lost and nothing is late, which a real
 * network does not promise. Paths that carry nothing are left out.
 */
export function splitTrace(
  trace: Trace,
  policy: MovingPolicy,
  paths: readonly string[],
  random: Random,
): Trace[] {
  const clock = new PathClock(
    turnsOf(policy, paths, random.fork(`${trace.path} ${trace.site} ${trace.visit}`)),
  );
  const parts = paths.map((path) => ({
    path,
    times: new Array<number>(),
    sizes: new Array<number>(),
  }));
  for (const [index, time] of trace.times.entries()) {
    const part = parts[clock.at(policy.every.kind === 'time' ? time / 1000 : index)];
    part?.times.push(time);
    part?.sizes.push(trace.sizes[index] ?? 0);
  }
  return parts.flatMap(({ path, times, sizes }) => {
    const [first] = times;
    if (first === undefined) return [];
    return [
      {
        ...trace,
        path: `${trace.path}.${path}`,
        start: trace.start + first,
        times: times.map((time) => time - first),
        sizes,
      },
    ];
  });
}
