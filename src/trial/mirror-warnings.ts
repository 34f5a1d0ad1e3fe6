// What went wrong with mirrors without breaking the run, one sentence each.
import { formatBytes } from '../base/units.ts';
import type { Expectation, NumberRange } from '../model/expectation.ts';
import type { MirrorRecord, MirrorStatistics, RefusalCause } from '../model/mirror-record.ts';
import type { Plan } from '../model/plan.ts';
import { countOf } from '../report/text.ts';

type MirrorWish = Extract<Expectation, { kind: 'mirror' }>;

/** Mirrors that had nothing to copy, copies that are short, sessions that could not be copied, and leaks, but for what the scenario expects. */
export function mirrorWarnings(
  { mirrors = [], expectations }: Pick<Plan, 'mirrors' | 'expectations'>,
  records: readonly MirrorRecord[],
): string[] {
  return mirrors.flatMap(({ name }) => {
    const wishes = expectations.flatMap((one) =>
      one.kind === 'mirror' && one.mirror === name ? [one] : [],
    );
    const record = records.find((one) => one.name === name);
    const sentences =
      record === undefined || record.statistics.sessions.seen === 0
        ? idleSentence(wishes)
        : sentencesOf(record, wishes);
    return sentences.map((sentence) => `Mirror ${name}: ${sentence}`);
  });
}

const idleSentence = (wishes: readonly MirrorWish[]): string[] =>
  wishes.some(({ sessions, doctor }) => sessions !== undefined || doctor !== undefined)
    ? []
    : ['no session of a client came to it'];

function sentencesOf(
  { target, statistics, comparison }: MirrorRecord,
  wishes: readonly MirrorWish[],
): string[] {
  const { copies, bytes, packets } = statistics;
  const { unread = 0, faults = 0 } = comparison ?? {};
  const mayBeShort = wishes.some(
    ({ short, copied, ending }) =>
      allows(short) ||
      allowsLess(copied) ||
      (ending !== undefined && ending.name !== 'finished' && allows(ending.count)),
  );
  const missed = missedSessions(statistics);
  return [
    ...(copies.short === 0 || mayBeShort
      ? []
      : [
          `short copies: ${copies.short} of ${copies.whole + copies.short}, by ${formatBytes(bytes.short)} of ${formatBytes(bytes.copied)}`,
        ]),
    ...(missed === 0 || wishes.some(({ refused }) => allows(refused))
      ? []
      : [`${countOf(missed, 'session')} could not be copied`]),
    ...(packets.leaked === 0 || wishes.some(({ leaked }) => allows(leaked))
      ? []
      : [`${countOf(packets.leaked, 'packet')} of ${target} went on to clients`]),
    ...(unread === 0
      ? []
      : [`of ${countOf(unread, 'pair')} of answers only the sizes were compared`]),
    ...(faults === 0
      ? []
      : [`the answers of ${countOf(faults, 'session')} could not be read to the end`]),
  ];
}

/** Causes that nobody asked for; the others follow from `clients`, `sample` and `fullSessions`. */
const MISSED: readonly RefusalCause[] = [
  ...(['too-many-sessions', 'no-target-of-its-family', 'no-free-port', 'unreadable'] as const),
];

const missedSessions = ({ sessions: { refused } }: MirrorStatistics): number =>
  MISSED.reduce((sum, cause) => sum + (refused[cause] ?? 0), 0);

/** Whether a wish has room for other than none. */
const allows = (range: NumberRange | undefined): boolean => range !== undefined && range.max !== 0;

const allowsLess = (share: NumberRange | undefined): boolean =>
  share !== undefined && (share.min ?? 0) < 1;
