// run.json: the manifest of one run.
import type { ContainerRecord, EngineFacts, ImageRecord } from './container.ts';
import type { CaptureStats, LinkMeasurement } from './rpc.ts';
import type { CensorRecord } from './path-statistics.ts';
import type { MachineRecord } from './machine.ts';
import type { MirrorDiagnosis } from './mirror-doctor.ts';
import type { MirrorRecord } from './mirror-record.ts';
import type { ParamValue } from './plan.ts';
import type { ProxyRecord } from './relay-record.ts';
import type { TunnelRecord } from './tunnel.ts';
import type { VisitRecord } from './visit.ts';

export interface RunManifest extends ArmRecord {
  readonly manifestVersion: 1;
  readonly scenario: string;
  readonly planHash: string;
  readonly seed: number;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** `incomplete` while it runs and for ever if it was cut off. */
  readonly status: RunStatus;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly ended: string;
  /** What went wrong, when something did. */
  readonly fault?: { readonly message: string; readonly help?: string };
  /**
   * What weakens the evidence without breaking the run, one sentence each: a link that misses what the file asks for,
   * packets that a capture lost.
   */
  readonly warnings: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly kernel: string;
  readonly privileges: 'rootless' | 'root';
  /** The command line that runs it again. */
  readonly command: string;
  /** The results folder of the run that it goes on with, as it was named. */
  readonly resumed?: string;
  /** The arm without censors, when the scenario asks for one; its evidence lies under `control/`. */
  readonly control?: ArmRecord;
  /** sha256 of every other file in the folder but those of a lab that stays (`lab/`), by relative path. */
  readonly files: Readonly<Record<string, string>>;
}

export type RunStatus = 'passed' | 'failed' | 'broken' | 'interrupted' | 'incomplete';

/** What is noted about one lab of a run. */
export interface ArmRecord {
  /** Milliseconds, by phase: up, measure, traffic, collect, analyse, down. */
  readonly timings: Readonly<Record<string, number>>;
  readonly impairments: Readonly<Record<string, string>>;
  readonly links: readonly LinkMeasurement[];
  readonly captures: readonly CaptureStats[];
  /** What each censor has seen and done, of those to which packets came. */
  readonly censors: readonly CensorRecord[];
  /** How each relay fared. */
  readonly proxies: readonly ProxyRecord[];
  /** Which ways each tunnel went. */
  readonly tunnels: readonly TunnelRecord[];
  /** What each mirror has copied. */
  readonly mirrors: readonly MirrorRecord[];
  /** What kept mirrors from copying before the traffic, as the scenario expects; absent when the scenario has none. */
  readonly diagnoses?: readonly MirrorDiagnosis[];
  /** Each visit of a web page that was made, dropped or carried over, in the order of the run; absent when the scenario has none. */
  readonly visits?: readonly VisitRecord[];
  /** Each machine of the lab, `local` first. */
  readonly machines: readonly MachineRecord[];
  /** Absent when the scenario has no containers. */
  readonly engine?: EngineFacts;
  readonly images: readonly ImageRecord[];
  readonly containers: readonly ContainerRecord[];
}
