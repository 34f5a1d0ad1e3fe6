import { type Compiled, compileFile, tellDiagnostics } from '../compile-file.ts';
import { EXIT, Fault } from '../../base/fault.ts';
import { type Interrupts, listenForInterrupts } from '../../trial/interrupt.ts';
import { paintFor, print, printJson, tell } from '../terminal.ts';
import { summarise, withoutResults } from '../../report/summary.ts';
import { checkJunitFile, writeJunitFile } from '../junit-file.ts';
import { faultSummary } from '../fault-summary.ts';
import type { Input } from '../verb.ts';
import type { Plan } from '../../model/plan.ts';
import type { TrialResult } from '../../trial/trial.ts';
import { exitCodeOf } from '../exit-code.ts';
import { guardMachineNetwork } from '../machine-network-guard.ts';
import { hasCensors } from '../../model/plan-containers.ts';
import { headline } from '../headline.ts';
import { join } from 'node:path';
import { makeProgress } from '../progress.ts';
import { planHash } from '../../scenario/plan-hash.ts';
import { renderFault } from '../print-fault.ts';
import { renderJunit } from '../../report/junit.ts';
import { renderText } from '../../report/text.ts';
import { runTrial } from '../../trial/run-trial.ts';
import { shownPath } from '../shown-path.ts';
import { trialOptions } from '../trial-options.ts';
import { tellFault } from '../tell-fault.ts';
import { tellKept } from '../tell-kept.ts';

export async function run(input: Input): Promise<number> {
  const [file = ''] = input.words;
  const compiled = await compileFile(file, input);
  tellDiagnostics(compiled);
  const { plan } = compiled;
  if (!plan) return refuse(file, input, compiled);
  const control = await compileControl(file, input, compiled, plan);
  if (control !== null && !control.plan) {
    tellDiagnostics(control);
    return refuse(file, input, control);
  }
  const junit = input.text('junit');
  const interrupts = listenForInterrupts();
  let result: TrialResult;
  try {
    guardMachineNetwork(plan, input);
    if (junit !== undefined) checkJunitFile(junit);
    result = await runPlan(
      input,
      { plan, files: compiled.files, controlPlan: control?.plan },
      interrupts,
    );
  } catch (error) {
    if (input.has('json')) printJson(withoutResults(failure(plan, error)));
    return tellFault(error);
  } finally {
    interrupts.release();
  }
  show(result, input);
  try {
    if (junit !== undefined) writeJunitFile(junit, renderJunit(result.report));
  } catch (error) {
    return tellFault(error);
  }
  return exitCodeOf(result, interrupts);
}

/** What the control arm is made of; null when there is none. */
async function compileControl(
  file: string,
  input: Input,
  { sources }: Compiled,
  plan: Plan,
): Promise<Compiled | null> {
  // Without a censor the second arm would only repeat the first.
  const wantsControl = plan.control && hasCensors(plan);
  return wantsControl ? await compileFile(file, input, { censors: false, sources }) : null;
}

function refuse(file: string, input: Input, { diagnostics }: Compiled): number {
  if (input.has('json'))
    printJson(withoutResults({ scenario: file, status: 'invalid', diagnostics }));
  return EXIT.badScenario;
}

interface Arms {
  readonly plan: Plan;
  readonly controlPlan: Plan | undefined;
  readonly files: Compiled['files'];
}

async function runPlan(
  input: Input,
  { plan, controlPlan, files }: Arms,
  interrupts: Interrupts,
): Promise<TrialResult> {
  const progress = makeProgress(process.stderr, input.has('quiet'));
  const hash = planHash(plan);
  progress.note(headline(plan, hash));
  return runTrial(trialOptions(input, { plan, hash, files, progress, interrupts, controlPlan }));
}

function show({ report, results, cut, kept }: TrialResult, input: Input): void {
  if (input.has('json')) printJson(summarise(report, results));
  else if (!cut) {
    const page = shownPath(join(results, 'report.html'));
    if (!input.has('quiet')) tell('');
    print(renderText(report, page, paintFor(process.stdout)));
  }
  if (cut) {
    const paint = paintFor(process.stderr);
    tell(
      cut instanceof Fault ? renderFault(cut, paint) : `${paint.bad('stopped')}: ${cut.message}`,
    );
    tell(`What there is of the evidence: ${shownPath(results)}`);
  }
  if (kept !== null) tellKept(kept, report.plan);
}

function failure(plan: Plan, error: unknown): Parameters<typeof withoutResults>[0] {
  const { scenario, seed } = plan;
  return { scenario, seed, planHash: planHash(plan), ...faultSummary(error) };
}
