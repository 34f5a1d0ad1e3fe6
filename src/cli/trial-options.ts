import type { Input } from './verb.ts';
import type { Interrupts } from '../trial/interrupt.ts';
import type { Plan } from '../model/plan.ts';
import type { Progress } from '../trial/progress.ts';
import type { TrialOptions } from '../trial/trial.ts';
import { askAtTerminal } from '../ssh/ask.ts';
import { VERSION } from './version.ts';
import { agentFile } from './package-root.ts';
import { dirname, resolve } from 'node:path';
import { rerunCommand } from './rerun.ts';

interface Compiled {
  readonly plan: Plan;
  readonly hash: string;
  /** The scenario's files, itself first. */
  readonly files: ReadonlyMap<string, string>;
  readonly progress: Progress;
  readonly interrupts: Interrupts;
  readonly controlPlan?: Plan | undefined;
}

/** What `apply` and `up` ask of the conductor, from their options. */
export function trialOptions(input: Input, compiled: Compiled): TrialOptions {
  const { plan, hash, files, progress, interrupts, controlPlan } = compiled;
  return {
    plan,
    planHash: hash,
    controlPlan: controlPlan ?? null,
    sources: Array.from(files, ([file, text]) => ({ file, text })),
    // Of standard input, where runner was called.
    folder: dirname(resolve(input.words[0] ?? '')),
    build: !input.has('no-build'),
    out: input.text('out') ?? 'results',
    agentFile: agentFile(),
    version: VERSION,
    command: rerunCommand(input, plan),
    keep: input.has('keep'),
    resume: input.text('resume') ?? null,
    ask: askAtTerminal,
    progress,
    interrupts,
  };
}
