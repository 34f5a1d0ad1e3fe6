import type { ArmNotes } from './arm.ts';
import { describeStatistics } from '../model/describe-statistics.ts';
import type { Progress } from './progress.ts';

/** How far the traffic is, and how its censors fare, in the line of its phase. */
export function tellTraffic(
  progress: Progress,
  { flowsEnded, censors }: Pick<ArmNotes, 'flowsEnded' | 'censors'>,
): void {
  const fares = [...censors].map(([name, record]) => `${name}: ${describeStatistics(record)}`);
  progress.update([flowsEnded, ...fares].filter((text) => text !== '').join(' · '));
}
