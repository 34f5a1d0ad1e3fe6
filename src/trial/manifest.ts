import type { Arm } from './arm.ts';
import type { ArmRecord, RunManifest, RunStatus } from '../model/run.ts';
import { Interrupted } from './interrupt.ts';
import type { Fault } from '../base/fault.ts';
import type { Judgement } from './judge.ts';
import type { TrialOptions } from './trial.ts';
import { mirrorWarnings } from './mirror-warnings.ts';
import { tunnelWarnings } from './tunnel-warnings.ts';
import { captureWarnings, clockWarnings, linkWarnings, lossWarnings } from './warnings.ts';
import { hasPrivileges } from '../lab/machine/privileges.ts';
import { release } from 'node:os';

export interface Outcome {
  /** Null when the control arm was cut off before it. */
  readonly main: Arm | null;
  readonly control: Arm | null;
  /** Null when there is nothing whole to judge. */
  readonly judgement: Judgement | null;
  readonly cut: Fault | Interrupted | null;
  /** Milliseconds that the analysis took. */
  readonly analysis: number;
}

const NOTHING: ArmRecord = {
  timings: {},
  impairments: {},
  links: [],
  captures: [],
  censors: [],
  proxies: [],
  tunnels: [],
  mirrors: [],
  machines: [],
  images: [],
  containers: [],
};

/** run.json, but for the hashes of the files. */
export function manifestOf(
  { plan, planHash, version, command, resume }: TrialOptions,
  outcome: Outcome,
  started: Date,
): Omit<RunManifest, 'files'> {
  const { main, control, cut, analysis } = outcome;
  const record = main?.record ?? NOTHING;
  const facts = main?.facts ?? control?.facts;
  return {
    manifestVersion: 1,
    scenario: plan.scenario,
    planHash,
    seed: plan.seed,
    params: plan.params,
    status: statusOf(outcome),
    started: started.toISOString(),
    ended: new Date().toISOString(),
    ...(cut && { fault: describeCut(cut) }),
    warnings: [...armWarnings(main, ''), ...armWarnings(control, 'Control arm: ')],
    versions: { runner: version, node: process.version, ...(facts && { agent: facts.version }) },
    kernel: facts?.kernel ?? `Linux ${release()}`,
    privileges: hasPrivileges() ? 'root' : 'rootless',
    command,
    ...(resume !== null && { resumed: resume }),
    ...record,
    timings: roundedTimings({ ...record.timings, analyse: analysis }),
    ...(control && {
      control: { ...control.record, timings: roundedTimings(control.record.timings) },
    }),
  };
}

function statusOf({ cut, judgement }: Outcome): RunStatus {
  if (cut) return cut instanceof Interrupted ? 'interrupted' : 'broken';
  if (!judgement) return 'incomplete';
  return judgement.expectations.every((result) => result.held) ? 'passed' : 'failed';
}

function describeCut(cut: Fault | Interrupted): NonNullable<RunManifest['fault']> {
  if (cut instanceof Interrupted) return { message: cut.message };
  return { message: cut.message, ...(cut.help !== undefined && { help: cut.help }) };
}

function armWarnings(arm: Arm | null, prefix: string): string[] {
  const { links, captures, machines, tunnels, mirrors } = arm?.record ?? NOTHING;
  const clocks = arm ? clockWarnings(machines, arm.plan) : [];
  const losses = lossWarnings(arm?.events ?? []);
  const others = arm?.warnings ?? [];
  return [
    ...linkWarnings(links),
    ...captureWarnings(captures),
    ...clocks,
    ...losses,
    ...(arm ? tunnelWarnings(arm.plan, tunnels) : []),
    ...(arm ? mirrorWarnings(arm.plan, mirrors) : []),
    ...others,
  ].map((text) => prefix + text);
}

/** To a microsecond: what is finer is noise. */
export const roundedTimings = (timings: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(timings).map(([phase, millis]) => [phase, Math.round(millis * 1000) / 1000]),
  );
