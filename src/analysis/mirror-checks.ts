import { formatBytes } from '../base/units.ts';
import type { Expectation, MirrorMetric, NumberRange } from '../model/expectation.ts';
import type { MirrorDiagnosis } from '../model/mirror-doctor.ts';
import type { MirrorRecord } from '../model/mirror-record.ts';
import { type Check, equalCheck, rangeCheck } from './check.ts';

type MirrorExpectation = Extract<Expectation, { kind: 'mirror' }>;

/** What a mirror has copied, and what its doctor found before, against what is expected of it. */
export function mirrorChecks(
  expectation: MirrorExpectation,
  mirrors: readonly MirrorRecord[],
  diagnoses: readonly MirrorDiagnosis[],
): Check[] {
  const { mirror, doctor, ending } = expectation;
  const record = mirrors.find(({ name }) => name === mirror);
  const range = (
    what: string,
    wish: NumberRange | undefined,
    find: (record: MirrorRecord) => number | null,
    format: (value: number) => string = String,
  ): Check[] =>
    wish === undefined
      ? []
      : [
          record
            ? rangeCheck(`${mirror}: ${what}`, wish, find(record), format)
            : { held: false, detail: `mirror ${mirror} never ran` },
        ];
  return [
    ...(doctor === undefined ? [] : [doctorCheck(mirror, doctor, diagnoses)]),
    ...range('sessions', expectation.sessions, ({ statistics }) => statistics.sessions.seen),
    ...range('sessions not copied', expectation.refused, refusedSessions),
    ...range('whole copies', expectation.whole, ({ statistics }) => statistics.copies.whole),
    ...range('copied', expectation.copied, copiedShare, formatShare),
    ...range('short', expectation.short, ({ statistics }) => statistics.bytes.short, formatBytes),
    ...range('leaked packets', expectation.leaked, ({ statistics }) => statistics.packets.leaked),
    ...(ending === undefined
      ? []
      : range(
          `copies that ended as ${ending.name}`,
          ending.count,
          ({ statistics }) => statistics.copies.endings[ending.name] ?? 0,
        )),
    ...range('pairs', expectation.pairs, ({ comparison }) => comparison?.pairs ?? null),
    ...range('different', expectation.different, ({ comparison }) => comparison?.different ?? null),
    ...range('missing', expectation.missing, ({ comparison }) => comparison?.missing ?? null),
  ];
}

function doctorCheck(
  mirror: string,
  wish: readonly string[],
  diagnoses: readonly MirrorDiagnosis[],
): Check {
  const diagnosis = diagnoses.find((one) => one.mirror === mirror);
  if (!diagnosis) return { held: false, detail: `mirror ${mirror} was not examined` };
  const asText = (codes: readonly string[]): string => codes.toSorted().join(', ') || 'nothing';
  const found = diagnosis.findings.map(({ code }) => code);
  return equalCheck(`${mirror}: the doctor's finding`, asText(wish), asText(found));
}

/** Milliseconds to the first byte of an answer; null of a mirror that compares nothing. */
export function mirrorMetric(
  metric: MirrorMetric,
  of: string,
  mirrors: readonly MirrorRecord[],
): number | null {
  const latency = mirrors.find(({ name }) => name === of)?.comparison?.latency;
  if (!latency) return null;
  const summary = metric.startsWith('online') ? latency.online : latency.target;
  if (summary.count === 0) return null;
  return metric.endsWith('p99') ? summary.p99 : summary.p50;
}

const refusedSessions = ({ statistics }: MirrorRecord): number =>
  Object.values(statistics.sessions.refused).reduce((sum, count) => sum + count, 0);

/** Null when nothing was said. */
const copiedShare = ({ statistics: { bytes } }: MirrorRecord): number | null =>
  bytes.copied === 0 ? null : bytes.sent / bytes.copied;

/** Rounded down: 100% is all and not nearly all. */
const formatShare = (share: number): string => `${Math.floor(share * 1000) / 10}%`;
