// `runner doctor FILE`: what keeps a scenario's mirrors from copying, tried in its lab.
import { EXIT, Fault } from '../base/fault.ts';
import type { Check } from '../lab/doctor.ts';
import type { MirrorDiagnosis } from '../model/mirror-doctor.ts';
import { planHash } from '../scenario/plan-hash.ts';
import { examine } from '../trial/examine.ts';
import { Interrupted, listenForInterrupts } from '../trial/interrupt.ts';
import { compileFile, tellDiagnostics } from './compile-file.ts';
import { interruptedCode } from './exit-code.ts';
import { headline } from './headline.ts';
import type { Input } from './verb.ts';
import { guardMachineNetwork } from './machine-network-guard.ts';
import { makeProgress } from './progress.ts';
import { renderChecks } from './render-checks.ts';
import { paintFor, print, printJson } from './terminal.ts';
import { trialOptions } from './trial-options.ts';

/** Its exit code: 1 when a mirror cannot copy. */
export async function examineScenario(file: string, input: Input): Promise<number> {
  for (const name of ['machine', 'for-others'])
    if (input.has(name))
      throw new Fault(
        'usage',
        `${input.origin(name)} asks for a machine, and a scenario has its own`,
        {
          help: 'Leave it out, or the scenario',
        },
      );
  const compiled = await compileFile(file, input);
  tellDiagnostics(compiled);
  const { plan, diagnostics, files } = compiled;
  if (!plan) {
    if (input.has('json')) printJson({ scenario: file, status: 'invalid', diagnostics });
    return EXIT.badScenario;
  }
  guardMachineNetwork(plan, input);
  const interrupts = listenForInterrupts();
  const progress = makeProgress(process.stderr, input.has('quiet'));
  const hash = planHash(plan);
  progress.note(headline(plan, hash));
  try {
    const options = trialOptions(input, { plan, hash, files, progress, interrupts });
    const diagnoses = plan.mirrors ? await examine(options) : [];
    if (input.has('json')) printJson({ scenario: plan.scenario, mirrors: diagnoses });
    else print(renderDiagnoses(diagnoses));
    const isSound = diagnoses.every(({ findings }) => findings.length === 0);
    return isSound ? EXIT.ok : EXIT.expectationFailed;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    if (input.has('json')) printJson({ scenario: plan.scenario, status: 'interrupted' });
    return interruptedCode(interrupts);
  } finally {
    interrupts.release();
  }
}

function renderDiagnoses(diagnoses: readonly MirrorDiagnosis[]): string {
  if (diagnoses.length === 0) return 'The scenario has no mirrors: there is nothing to try\n';
  return renderChecks(diagnoses.flatMap(checksOf), paintFor(process.stdout));
}

const checksOf = ({ mirror, findings }: MirrorDiagnosis): Check[] =>
  findings.length === 0
    ? [{ name: `mirror ${mirror}`, ok: true, needed: 'always', found: 'can copy' }]
    : findings.map(({ code, message, help }) => ({
        ...{ name: `mirror ${mirror}`, ok: false, needed: 'always' },
        ...{ found: `${code}: ${message}`, help },
      }));
