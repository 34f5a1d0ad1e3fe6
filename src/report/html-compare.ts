// What a mirror found when it compared the answers of both servers.
import { type Cell, table } from './html-sections.ts';
import { escapeMarkup } from './escape.ts';
import { countOf } from './text.ts';
import { formatBytes, formatMillis } from '../base/units.ts';
import type {
  AnswerDifference,
  CompareStatistics,
  ComparedAnswer,
  LatencySummary,
} from '../model/mirror-compare.ts';

export function compareMarkup(mirror: string, comparison: CompareStatistics): string {
  const { differences, latency } = comparison;
  return [
    `<h3>${escapeMarkup(mirror)}: answers compared</h3>`,
    `<p>${escapeMarkup(describeCounts(comparison))}</p>`,
    ...(differences.length === 0 ? [] : [table(HEAD, differences.map(row))]),
    ...(latency.online.count + latency.target.count === 0
      ? []
      : [table(['Times to the first byte', 'Online server', 'Target server'], times(latency))]),
  ].join('');
}

/** `20 pairs of answers, 2 of them different; the target left 1 request unanswered`. */
function describeCounts(comparison: CompareStatistics): string {
  const { pairs, different, missing, extra, unread, faults, differences } = comparison;
  const listed = different + missing + extra - differences.length;
  return [
    `${countOf(pairs, 'pair')} of answers, ${different} of them different`,
    ...(missing === 0 ? [] : [`the target did not answer ${countOf(missing, 'request')}`]),
    ...(extra === 0 ? [] : [`the online server did not answer ${countOf(extra, 'request')}`]),
    ...(unread === 0 ? [] : [`of ${countOf(unread, 'pair')} only the sizes were compared`]),
    ...(faults === 0 ? [] : [`${countOf(faults, 'session')} could not be read to the end`]),
    ...(listed <= 0 ? [] : [`${listed} of these are not listed`]),
  ].join('; ');
}

const HEAD = ['Session', 'Copy', 'Request', 'Asked', 'Differs', 'How', 'Online', 'Target'];

const row = (difference: AnswerDifference): Cell[] => {
  const { session, copy, request, asked, what, detail, online, target } = difference;
  return [session, copy, request, asked, what, detail, answer(online), answer(target)];
};

/** `200, 1.50 kB, 2.00 ms`. */
const answer = (one: ComparedAnswer | null): string =>
  one === null
    ? 'none'
    : [
        ...(one.status === '' ? [] : [one.status]),
        formatBytes(one.bytes),
        formatMillis(one.lastByte),
      ].join(', ');

/** Quantiles, then how many took how long: both servers side by side. */
function times({ online, target }: CompareStatistics['latency']): Cell[][] {
  const counts = [byOctave(online), byOctave(target)] as const;
  const bounds = [...new Set(counts.flatMap((one) => [...one.keys()]))].toSorted(
    (left, right) => left - right,
  );
  const most = Math.max(...counts.flatMap((one) => [...one.values()]), 1);
  const bar = (one: ReadonlyMap<number, number>, bound: number): Cell => {
    const count = one.get(bound) ?? 0;
    return { html: `<meter min="0" max="${most}" value="${count}"></meter> ${count}` };
  };
  return [
    ...(['p50', 'p90', 'p99'] as const).map((key) => [
      key,
      quantile(online, key),
      quantile(target, key),
    ]),
    ...bounds.map((bound) => [
      `below ${formatMillis(bound)}`,
      bar(counts[0], bound),
      bar(counts[1], bound),
    ]),
  ];
}

const quantile = (summary: LatencySummary, key: 'p50' | 'p90' | 'p99'): string =>
  summary.count === 0 ? '' : formatMillis(summary[key]);

/** Counts by the next power of two: what is finer would make a long table. */
function byOctave({ buckets }: LatencySummary): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { below, count } of buckets) {
    const bound = 2 ** Math.ceil(Math.log2(below));
    counts.set(bound, (counts.get(bound) ?? 0) + count);
  }
  return counts;
}
