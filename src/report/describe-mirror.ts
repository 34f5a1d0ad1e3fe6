// What is wished of a mirror, in a few words.
import type { Expectation } from '../model/expectation.ts';

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
