// The parts of a lab on other machines, taken down by the program there.
import { EXIT, Fault } from '../../base/fault.ts';
import type { FarLabPart } from '../../model/lab-mark.ts';
import type { PlanMachine } from '../../model/machine.ts';
import { collect } from './collect.ts';
import { FAR_RUNNER, type FarMachine } from './far-machine.ts';

export interface LeftPart {
  readonly part: FarLabPart;
  readonly fault: Fault;
}

/** Milliseconds that one part may take: its containers and their volumes go with it. */
const DESTROY_MS = 180_000;

/** All at once; settles when each is gone or is known not to be, and gives those that are not. */
export async function destroyParts(
  parts: readonly FarLabPart[],
  open: (machine: PlanMachine) => Promise<FarMachine>,
): Promise<LeftPart[]> {
  const left = await Promise.all(
    parts.map(async (part): Promise<LeftPart | null> => {
      try {
        await destroyPart(part, open);
        return null;
      } catch (error) {
        const fault = error instanceof Fault ? error : new Fault('run', String(error));
        return { part, fault };
      }
    }),
  );
  return left.filter((one) => one !== null);
}

async function destroyPart(
  { machine, id }: FarLabPart,
  open: (machine: PlanMachine) => Promise<FarMachine>,
): Promise<void> {
  const far = await open(machine);
  try {
    const channel = await far.run([FAR_RUNNER, 'destroy', id]);
    const what = `Taking lab ${id} down on machine "${machine.name}"`;
    const { code, stderr } = await collect(channel, DESTROY_MS, what);
    // No lab of that id is there any more: its dead-man time is over, or the machine was started anew.
    if (code === EXIT.ok || code === EXIT.badScenario) return;
    const found = stderr.trim() || (code === null ? 'the connection is lost' : `exit code ${code}`);
    throw new Fault('run', `${what} went wrong: ${found}`);
  } finally {
    far.close();
  }
}
