// The parts of a lab as one lab.
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { LOCAL_MACHINE, type MachineRecord } from '../../model/machine.ts';
import type { Lab, LabOptions } from '../lab.ts';
import { farPartsOf } from './far-parts.ts';
import { METHODS } from './methods.ts';
import type { Fleet } from './fleet.ts';
import { type Part, atMachine, callPart, closePart } from './part.ts';

const KEEP_MS = 5000;

export function makeLab({ labId, abroad, plan }: LabOptions, parts: readonly Part[]): Lab {
  const fleet: Fleet = {
    labId,
    parts,
    folder: abroad?.folder ?? '',
    onProgress: abroad?.onProgress ?? (() => undefined),
  };
  const [first] = parts;
  invariant(first, 'A lab is on a machine');
  abroad?.killing.addEventListener('abort', () => parts.forEach((part) => part.kill()), {
    once: true,
  });
  let isKept = false;
  return {
    id: labId,
    facts: first.session.facts,
    call: (method, params, timeoutMs) => METHODS[method](fleet, params, timeoutMs),
    machines: () => parts.map((part) => recordOf(part, fleet)),
    warnings: () =>
      parts.flatMap(({ machine, far }) =>
        (far?.watch.warnings() ?? []).map((text) => `Machine "${machine.name}": ${text}`),
      ),
    ended: Promise.race(
      parts.map(async ({ machine: { name }, session }) => {
        const { reason } = await session.ended;
        return { reason: name === LOCAL_MACHINE ? reason : `machine "${name}": ${reason}` };
      }),
    ),
    close: () => closeAll(parts),
    detach: async () => {
      invariant(!isKept, 'A lab is left running once');
      isKept = true;
      // The local part last: it tells whoever looks that the lab is there.
      const machines = plan ? farPartsOf(fleet, plan) : [];
      for (const part of parts.toReversed())
        await callPart(part, 'keep', part.far ? {} : { machines }, KEEP_MS);
      for (const part of parts) {
        await part.release();
        part.far?.machine.close();
      }
    },
  };
}

async function closeAll(parts: readonly Part[]): Promise<void> {
  const closed = await Promise.allSettled(parts.map((part) => closePart(part)));
  const failed = parts.flatMap(({ machine: { name } }, index) => {
    const result = closed[index];
    return result?.status === 'rejected' ? [atMachine(name, result.reason)] : [];
  });
  if (failed.length === 0) return;
  const texts = failed.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new Fault('run', texts.join('; '), { cause: failed[0] });
}

function recordOf(part: Part, { underlays }: Fleet): MachineRecord {
  const { machine, session, far } = part;
  const { kernel, version, node } = session.facts;
  return {
    name: machine.name,
    reached: far?.machine.facts.reached ?? LOCAL_MACHINE,
    kernel,
    agent: version,
    node,
    underlay: underlays?.get(machine.name) ?? null,
    clock: part.clock(),
  };
}
