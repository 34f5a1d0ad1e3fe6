import { shellWords } from '../../base/shell-words.ts';
import { destroyParts } from '../../lab/far/destroy-parts.ts';
import type { FarLabPart } from '../../model/lab-mark.ts';
import { paintFor, tell } from '../terminal.ts';
import { openMachine } from './open-machine.ts';
import { machineWords } from './run-there.ts';

/** Gives whether all are gone; says of each that is not what to do, since the lab will not tell where it was any more. */
export async function destroyFarParts(parts: readonly FarLabPart[]): Promise<boolean> {
  const left = await destroyParts(parts, openMachine);
  for (const { part, fault } of left) {
    const command = shellWords(['runner', 'destroy', ...machineWords(part.machine), part.id]);
    const mending = fault.help === undefined ? '' : `${fault.help}; then run: `;
    tell(
      `${paintFor(process.stderr).bad('error')}: Machine "${part.machine.name}" may still have its part of the lab (${part.id}): ${fault.message}\n  = help: ${mending}${command}`,
    );
  }
  return left.length === 0;
}
