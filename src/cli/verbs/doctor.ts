import { cannotRun, renderChecks } from '../render-checks.ts';
import { paintFor, print, printJson } from '../terminal.ts';
import { EXIT } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import { checkMachine } from '../../lab/doctor.ts';

export async function run(input: Input): Promise<number> {
  const checks = await checkMachine();
  if (input.has('json')) printJson(checks);
  else print(renderChecks(checks, paintFor(process.stdout)));
  return cannotRun(checks) ? EXIT.machineCannot : EXIT.ok;
}
