// What a machine has of what runner needs, each thing tried for real.
import type { Check } from './doctor/check.ts';
import { checkEngine } from './doctor/engine.ts';
import { checkKernel } from './doctor/kernel.ts';
import { type LabPlace, checkLimits, checkMemory, checkPlace } from './doctor/machine.ts';
import { checkModules } from './doctor/modules.ts';
import { checkTools } from './doctor/tools.ts';
import { checkWireguard } from './doctor/wireguard.ts';

export type { Check } from './doctor/check.ts';
export type { LabPlace } from './doctor/machine.ts';

/** Checks this machine; `place` is where captures would go. Changes nothing that outlives it. */
export async function checkMachine(place: LabPlace): Promise<Check[]> {
  const [kernel, modules, engine, wireguard] = await Promise.all([
    checkKernel(),
    checkModules(),
    checkEngine(),
    checkWireguard(),
  ]);
  return [
    ...kernel,
    ...checkTools(),
    ...modules,
    ...engine,
    wireguard,
    checkMemory(),
    ...checkPlace(place),
    ...checkLimits(),
  ];
}
