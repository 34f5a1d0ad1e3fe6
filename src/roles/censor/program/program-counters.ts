import type { ProgramStatistics } from '../../../model/censor-statistics.ts';

export type ProgramCounters = { -readonly [Name in keyof ProgramStatistics]: number };

export const noProgramCounters = (): ProgramCounters => ({
  asked: 0,
  answered: 0,
  timedOut: 0,
  overflowed: 0,
  unattended: 0,
  failed: 0,
  late: 0,
  faults: 0,
  injected: 0,
  ended: 0,
});
