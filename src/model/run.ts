// run.json: the manifest of one run.
import type { CaptureStats, LinkMeasurement } from './rpc.ts';
import type { ParamValue } from './plan.ts';

export interface RunManifest {
  readonly manifestVersion: 1;
  readonly scenario: string;
  readonly planHash: string;
  readonly seed: number;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** `incomplete` while it runs and for ever if it was cut off. */
  readonly status: 'passed' | 'failed' | 'broken' | 'interrupted' | 'incomplete';
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly ended: string;
  /** What went wrong, when something did. */
  readonly fault?: { readonly message: string; readonly help?: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly kernel: string;
  readonly privileges: 'rootless' | 'root';
  /** Milliseconds, by phase: up, measure, traffic, collect, analyse, down. */
  readonly timings: Readonly<Record<string, number>>;
  readonly impairments: Readonly<Record<string, string>>;
  readonly links: readonly LinkMeasurement[];
  readonly captures: readonly CaptureStats[];
  /** sha256 of every other file in the folder, by relative path. */
  readonly files: Readonly<Record<string, string>>;
}
