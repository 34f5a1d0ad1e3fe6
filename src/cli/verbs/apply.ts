import { type Compiled, compileFile, tellDiagnostics } from '../compile-file.ts';
import { EXIT, Fault } from '../../base/fault.ts';
import { type Interrupts, listenForInterrupts } from '../../trial/interrupt.ts';
import { paintFor, print, printJson, tell } from '../terminal.ts';
import { summarise, withoutResults } from '../../report/summary.ts';
import type { Input } from '../verb.ts';
import type { Plan } from '../../model/plan.ts';
import type { TrialResult } from '../../trial/trial.ts';
import { exitCodeOf } from '../exit-code.ts';
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
import { tellKept } from '../tell-kept.ts';
import { writeFileSync } from 'node:fs';

export async function run(input: Input): Promise<number> {
  const [file = ''] = input.words;
  const compiled = await compileFile(file, input);
  tellDiagnostics(compiled);
  const { plan, diagnostics } = compiled;
  if (!plan) {
    if (input.has('json'))
      printJson(withoutResults({ scenario: file, status: 'invalid', diagnostics }));
    return EXIT.badScenario;
  }
  const interrupts = listenForInterrupts();
  try {
    const result = await runPlan(file, input, compiled, plan, interrupts);
    show(result, input);
    return exitCodeOf(result, interrupts);
  } catch (error) {
    if (input.has('json')) printJson(withoutResults(failure(plan, error)));
    throw error;
  } finally {
    interrupts.release();
  }
}

async function runPlan(
  file: string,
  input: Input,
  { files }: Compiled,
  plan: Plan,
  interrupts: Interrupts,
): Promise<TrialResult> {
  const progress = makeProgress(process.stderr, input.has('quiet'));
  const hash = planHash(plan);
  progress.note(headline(plan, hash));
  // Without a censor the second arm would only repeat the first.
  const wantsControl = plan.control && plan.censors.length > 0;
  const control = wantsControl ? await compileFile(file, input, { censors: false }) : null;
  const controlPlan = control?.plan;
  return runTrial(trialOptions(input, { plan, hash, files, progress, interrupts, controlPlan }));
}

function show({ report, results, cut, kept }: TrialResult, input: Input): void {
  const junit = input.text('junit');
  if (junit !== undefined) writeJunit(junit, renderJunit(report));
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

function writeJunit(file: string, xml: string): void {
  try {
    writeFileSync(file, xml);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `The JUnit file "${file}" cannot be written: ${reason}`, {
      help: 'The results folder is written all the same; name another file with "--junit FILE"',
      cause,
    });
  }
}

function failure(plan: Plan, error: unknown): Parameters<typeof withoutResults>[0] {
  const message = error instanceof Error ? error.message : String(error);
  const help = error instanceof Fault ? error.help : undefined;
  const { scenario, seed } = plan;
  return { scenario, seed, planHash: planHash(plan), status: 'broken', fault: { message, help } };
}
