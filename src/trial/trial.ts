// What a trial is given and what it gives.
import type { Interrupted, Interrupts } from './interrupt.ts';
import type { Fault } from '../base/fault.ts';
import type { Plan } from '../model/plan.ts';
import type { Progress } from './progress.ts';
import type { Ask } from '../ssh/ssh.ts';
import type { Report } from '../report/report.ts';

export interface TrialOptions {
  readonly plan: Plan;
  readonly planHash: string;
  /** The same scenario without censors; null when there is no control arm. */
  readonly controlPlan: Plan | null;
  /** Each file of the scenario with its text, the main one first. */
  readonly sources: readonly { readonly file: string; readonly text: string }[];
  /** The folder of all results. */
  readonly out: string;
  /** The folder of the scenario's main file, absolute: paths in the plan are relative to it. */
  readonly folder: string;
  /** Whether images that the scenario says how to build are built. */
  readonly build: boolean;
  /** The built agent, dist/agent.js. */
  readonly agentFile: string;
  /** Of runner. */
  readonly version: string;
  /** The command line that runs it again. */
  readonly command: string;
  readonly keep: boolean;
  /** The results folder of a run whose finished visits are not made again; null: all are made. */
  readonly resume: string | null;
  /** Asks the person at the terminal for secrets of the way to machines. */
  readonly ask: Ask;
  readonly progress: Progress;
  readonly interrupts: Interrupts;
}

export interface TrialResult {
  readonly report: Report;
  /** The results folder, absolute. */
  readonly results: string;
  /** What cut the run off, when something did. */
  readonly cut: Fault | Interrupted | null;
  /** The id of the lab that stays. */
  readonly kept: string | null;
}
