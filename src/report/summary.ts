import { type ExpectationRecord, type Report, expectationRecords } from './report.ts';
import type { RunManifest } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';

/** The object that `apply --json` prints. */
export interface RunSummary {
  readonly scenario: string;
  readonly planHash: string;
  readonly seed: number;
  readonly status: RunManifest['status'];
  /** The results folder, an absolute path. */
  readonly results: string;
  readonly verdicts: readonly Verdict[];
  readonly expectations: readonly ExpectationRecord[];
  /** Milliseconds, by phase. */
  readonly timings: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly fault?: { readonly message: string; readonly help?: string };
}

export function summarise(report: Report, results: string): RunSummary {
  const { scenario, planHash, seed, status, timings, warnings, fault } = report.manifest;
  return {
    scenario,
    planHash,
    seed,
    status,
    results,
    verdicts: report.verdicts,
    expectations: expectationRecords(report.expectations),
    timings,
    warnings,
    ...(fault && { fault }),
  };
}
