import type { ArmNotes } from './arm.ts';
import { describeStatistics } from '../model/describe-statistics.ts';
import type { Progress } from './progress.ts';
import { countOf } from '../report/text.ts';

/** How far the traffic is, and how its censors fare, in the line of its phase. */
export function tellTraffic(
  progress: Progress,
  { flowsEnded, censors, visits }: Pick<ArmNotes, 'flowsEnded' | 'censors' | 'visits'>,
): void {
  const fares = [...censors].map(([name, record]) => `${name}: ${describeStatistics(record)}`);
  const visited = visits.length === 0 ? '' : countOf(visits.length, 'visit');
  progress.update([flowsEnded, visited, ...fares].filter((text) => text !== '').join(' · '));
}
