// The parts of a lab as one lab.
import { invariant } from '../../base/invariant.ts';
import { LOCAL_MACHINE, type MachineRecord } from '../../model/machine.ts';
import type { Lab, LabOptions } from '../lab.ts';
import { farPartsOf } from './far-parts.ts';
import { METHODS } from './methods.ts';
import type { Fleet } from './fleet.ts';
import { type Part, callPart, closePart, onMachine } from './part.ts';

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
  const alive = new Set(parts);
  for (const part of parts)
    void part.session.ended.then(({ isCertain }) => {
      if (isCertain) alive.delete(part);
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
    close: async () => {
      await Promise.allSettled(parts.map((part) => closePart(part)));
    },
    leftovers: () => [...alive].map(describeLeftover),
    detach: async () => {
      invariant(!isKept, 'A lab is left running once');
      isKept = true;
      // The local part last: it tells whoever looks that the lab is there.
      const machines = plan ? farPartsOf(fleet, plan) : [];
      for (const part of parts.toReversed())
        await callPart(part, 'keep', part.far ? {} : { machines }, KEEP_MS);
      const released = await Promise.allSettled(
        parts.map(({ machine: { name }, release }) => onMachine(name, release())),
      );
      for (const { far } of parts) far?.machine.close();
      const failed = released.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

function describeLeftover({ machine: { name, deadMan }, labId, far }: Part): string {
  if (!far) return `Lab ${labId} may still run: see "runner ps"`;
  const { reached } = far.machine.facts;
  return (
    `Machine "${name}": nobody knows whether lab ${labId} is down. It takes itself down when it has heard nothing for ` +
    `${deadMan / 1000} s; see "runner ps --machine ${reached}"`
  );
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
