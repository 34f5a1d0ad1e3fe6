// Starts an agent on each machine of a plan, all at once.
import { createHash } from 'node:crypto';
import { Fault } from '../base/fault.ts';
import { invariant } from '../base/invariant.ts';
import { LOCAL, LOCAL_MACHINE, type PlanMachine } from '../model/machine.ts';
import type { Lab, LabOptions } from './lab.ts';
import { makeLab } from './fleet/fleet-lab.ts';
import { openFarPart } from './fleet/far-part.ts';
import { openLocalPart } from './fleet/local-part.ts';
import { type Part, closePart } from './fleet/part.ts';

/** Starts an empty lab. Throws a machine fault with what mends it when a machine does not let it be. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const opened = await Promise.allSettled(machinesOf(options).map((one) => openPart(one, options)));
  const parts = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const faults = opened.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  if (faults.length === 0) return makeLab(options, parts);
  // What did start is taken down before anybody is told: nothing stays of a lab that does not come up.
  await Promise.allSettled(parts.map((part) => closePart(part)));
  throw oneFault(faults);
}

/** A lab that may stay has a part here even if no node is: from it others learn where its parts are. */
function machinesOf({ plan, keepable }: LabOptions): readonly PlanMachine[] {
  const machines = plan?.machines ?? [LOCAL];
  const isLocal = machines.some(({ name }) => name === LOCAL_MACHINE);
  return keepable && !isLocal ? [LOCAL, ...machines] : machines;
}

function openPart(machine: PlanMachine, options: LabOptions): Promise<Part> {
  if (machine.ssh === null) return openLocalPart(machine, options);
  const { abroad, plan } = options;
  invariant(abroad && plan, 'A lab with far machines is told how to reach them');
  return openFarPart(machine, partId(options.labId, machine.name), { ...options, abroad, plan });
}

/** Two machines of a scenario may be one computer: each part has an id of its own, and the local one the lab's. */
const partId = (labId: string, machine: string): string =>
  createHash('sha256').update(`${labId}/${machine}`).digest('hex').slice(0, labId.length);

/** Every machine that failed is told of at once. */
function oneFault(faults: readonly unknown[]): unknown {
  const [first, ...others] = faults;
  const known = faults.filter((fault) => fault instanceof Fault);
  if (others.length === 0 || known.length < faults.length) return first;
  const help = [...new Set(known.flatMap((fault) => fault.help ?? []))].join('; ');
  return new Fault(
    known[0]?.kind ?? 'machine',
    known.map(({ message }) => message).join('; '),
    help === '' ? {} : { help },
  );
}
