import type { Hop, HopAnswer, Observation } from '../model/observation.ts';

/** Where something else than a router first answered a traceroute; undefined when nothing did. */
export function answeringHop(
  observation: Observation | undefined,
): (HopAnswer & Pick<Hop, 'ttl'>) | undefined {
  for (const { ttl, answers } of observation?.hops ?? []) {
    const answer = answers.find(({ kind }) => kind !== 'time-exceeded');
    if (answer) return { ttl, ...answer };
  }
  return undefined;
}
