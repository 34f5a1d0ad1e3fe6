// What a machine has of what runner needs, each thing tried for real.
import type { Check } from './doctor/check.ts';
import { checkEngine } from './doctor/engine.ts';
import { checkKernel } from './doctor/kernel.ts';
import { checkLimits, checkMemory, checkResults } from './doctor/machine.ts';
import { checkModules } from './doctor/modules.ts';
import { checkTools } from './doctor/tools.ts';

export type { Check } from './doctor/check.ts';

/** Checks this machine; `results` is where results would go. Changes nothing that outlives it. */
export async function checkMachine(results = 'results'): Promise<Check[]> {
  const [kernel, modules, engine] = await Promise.all([
    checkKernel(),
    checkModules(),
    checkEngine(),
  ]);
  return [
    ...kernel,
    ...checkTools(),
    ...modules,
    ...engine,
    checkMemory(),
    ...checkResults(results),
    ...checkLimits(),
  ];
}
