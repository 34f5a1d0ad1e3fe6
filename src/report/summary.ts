import { type ExpectationRecord, type Report, expectationRecords } from './report.ts';
import type { ContainerRecord } from '../model/container.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { MirrorRecord } from '../model/mirror-record.ts';
import type { RunStatus } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';

/** The object that `apply --json` prints. */
export interface RunSummary {
  /** Its name; the file when it does not compile. */
  readonly scenario: string;
  /** Null when the scenario does not compile. */
  readonly planHash: string | null;
  readonly seed: number | null;
  readonly status: RunStatus | 'invalid';
  /** The results folder, an absolute path; null when there is none. */
  readonly results: string | null;
  readonly verdicts: readonly Verdict[];
  readonly expectations: readonly ExpectationRecord[];
  /** Milliseconds, by phase. */
  readonly timings: Readonly<Record<string, number>>;
  readonly containers: readonly ContainerRecord[];
  /** What each mirror has copied. */
  readonly mirrors: readonly MirrorRecord[];
  readonly warnings: readonly string[];
  readonly fault?: { readonly message: string; readonly help?: string | undefined };
  /** Why it does not compile. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** The same object for a run that left no results. */
export const withoutResults = (
  known: Pick<RunSummary, 'scenario' | 'status'> & Partial<RunSummary>,
): RunSummary => ({
  planHash: null,
  seed: null,
  results: null,
  verdicts: [],
  expectations: [],
  timings: {},
  containers: [],
  mirrors: [],
  warnings: [],
  ...known,
});

export function summarise(report: Report, results: string): RunSummary {
  const { scenario, planHash, seed, status, timings, containers, mirrors, warnings, fault } =
    report.manifest;
  return {
    scenario,
    planHash,
    seed,
    status,
    results,
    verdicts: report.verdicts,
    expectations: expectationRecords(report.expectations),
    timings,
    containers,
    mirrors,
    warnings,
    ...(fault && { fault }),
  };
}
