// What a censor has seen and done, in a line.
import type { CensorRecord } from './path-statistics.ts';

/** `81 packets, 4 flows, forbidden-sni 1, reset 1; …`: what is nought is left out. */
export function describeStatistics({
  statistics,
  path,
}: Pick<CensorRecord, 'statistics' | 'path'>): string {
  const { packets, flows, rules, actions } = statistics;
  const ignored = Object.values(statistics.ignored).reduce((sum, count) => sum + count, 0);
  const seen = [
    count(packets + path.carriedPackets, 'packet'),
    count(flows, 'flow'),
    ...rules.flatMap(({ name, hits }) => named(hits, `hits of ${name}`)),
    ...Object.entries(actions).flatMap(([kind, times]) => named(times, kind)),
    ...named(statistics.unseen, 'unseen'),
    ...named(statistics.unjudged, 'unjudged'),
    ...named(ignored, 'ignored'),
    ...named(statistics.unparsable, 'unparsable'),
    ...named(statistics.evicted, 'flows evicted'),
    ...named(statistics.refused, 'refused'),
    ...named(path.carriedPackets, 'carried by the kernel'),
  ];
  const { p50, p99, deepestQueue } = path;
  const pace = `${p50.toFixed(1)} µs a packet, p99 ${p99.toFixed(1)}; at most ${deepestQueue} queued`;
  return `${seen.join(', ')}; ${pace}`;
}

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`;

const named = (number: number, what: string): string[] =>
  number === 0 ? [] : [`${number} ${what}`];
