// What a mirror copied, and what is wished of it, in a few words.
import { formatBytes } from '../base/units.ts';
import type { Expectation } from '../model/expectation.ts';
import type { MirrorRecord } from '../model/mirror-record.ts';

/** `shadow: 20 of 20 copies whole, 1.50 MB, 0 leaked; 40 pairs of answers, 1 different`. */
export function describeMirrorOutcome({ name, statistics, comparison }: MirrorRecord): string {
  const { copies, bytes, packets } = statistics;
  const ended = copies.whole + copies.short;
  const copied = [
    `${copies.whole} of ${ended} ${ended === 1 ? 'copy' : 'copies'} whole`,
    copies.short === 0
      ? formatBytes(bytes.copied)
      : `short by ${formatBytes(bytes.short)} of ${formatBytes(bytes.copied)}`,
    `${packets.leaked} leaked`,
  ].join(', ');
  if (comparison === null) return `${name}: ${copied}`;
  const { pairs, different, missing } = comparison;
  const unanswered = missing === 0 ? '' : `, ${missing} missing`;
  return `${name}: ${copied}; ${pairs} pairs of answers, ${different} different${unanswered}`;
}

export function mirrorWishes(expectation: Extract<Expectation, { kind: 'mirror' }>): string[] {
  const { ending, doctor, sessions, refused, whole, copied, short, leaked } = expectation;
  const { pairs, different, missing } = expectation;
  const ranges = Object.entries({
    sessions,
    'not copied': refused,
    whole,
    copied,
    short,
    leaked,
    ...(ending && { [`ending ${ending.name}`]: ending.count }),
    pairs,
    different,
    missing,
  });
  return [
    ...(doctor === undefined ? [] : [`doctor ${doctor.join(' ')}`]),
    ...ranges.flatMap(([name, range]) => (range === undefined ? [] : [`${name} ${range.text}`])),
  ];
}
