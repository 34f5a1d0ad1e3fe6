import type { PlanMachine } from '../../model/machine.ts';
import type { FarMachine } from '../../lab/far/far-machine.ts';
import { askAtTerminal } from '../../ssh/ask.ts';
import { paintFor, tell } from '../terminal.ts';

/** Reaches a machine; what there is to say meanwhile goes to stderr. Files of its settings are looked for from here. */
export async function openMachine(machine: PlanMachine): Promise<FarMachine> {
  // ssh is loaded by those who use it.
  const { openFarMachine } = await import('../../lab/far/open-far-machine.ts');
  return openFarMachine({
    machine,
    folder: process.cwd(),
    ask: askAtTerminal,
    onProgress: (text) => {
      if (process.stderr.isTTY) tell(paintFor(process.stderr).faint(text));
    },
    onNotice: (text) => tell(`${paintFor(process.stderr).bad('warning')}: ${text}`),
  });
}
