import { type StandingLab, bringUp } from '../../trial/bring-up.ts';
import { compileFile, tellDiagnostics } from '../compile-file.ts';
import { Interrupted, listenForInterrupts } from '../../trial/interrupt.ts';
import { EXIT } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import { guardMachineNetwork } from '../machine-network-guard.ts';
import { headline } from '../headline.ts';
import { interruptedCode } from '../exit-code.ts';
import { makeProgress } from '../progress.ts';
import { planHash } from '../../scenario/plan-hash.ts';
import { printJson, printLine } from '../terminal.ts';
import { tellKept } from '../tell-kept.ts';
import { trialOptions } from '../trial-options.ts';

export async function run(input: Input): Promise<number> {
  const [file = ''] = input.words;
  const compiled = await compileFile(file, input);
  tellDiagnostics(compiled);
  const { plan, diagnostics } = compiled;
  if (!plan) {
    if (input.has('json')) printJson({ scenario: file, status: 'invalid', diagnostics });
    return EXIT.badScenario;
  }
  guardMachineNetwork(plan, input);
  const interrupts = listenForInterrupts();
  const progress = makeProgress(process.stderr, input.has('quiet'));
  const hash = planHash(plan);
  progress.note(headline(plan, hash));
  let lab: StandingLab;
  try {
    const files = compiled.files;
    lab = await bringUp(trialOptions(input, { plan, hash, files, progress, interrupts }));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    if (input.has('json')) printJson({ scenario: plan.scenario, status: 'interrupted' });
    return interruptedCode(interrupts);
  } finally {
    interrupts.release();
  }
  if (input.has('json'))
    printJson({
      scenario: plan.scenario,
      planHash: hash,
      seed: plan.seed,
      lab: lab.id,
      directory: lab.directory,
      timings: lab.timings,
    });
  else if (input.has('quiet')) printLine(lab.id);
  if (!input.has('quiet')) tellKept(lab.id, plan);
  return EXIT.ok;
}
