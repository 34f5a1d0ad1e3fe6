import { OWN_CLOCK, type PlanMachine } from '../../model/machine.ts';
import { hasUplink } from '../../model/uplink.ts';
import type { LabOptions } from '../lab.ts';
import { startLocalAgent } from '../machine/local-agent.ts';
import { hasPrivileges } from '../machine/privileges.ts';
import { explainRefusal } from '../machine/refusal.ts';
import { startUplink } from '../machine/uplink.ts';
import { startSession } from '../session.ts';
import type { Part } from './part.ts';

/** The part of a lab on the machine that runner itself is on. */
export async function openLocalPart(machine: PlanMachine, options: LabOptions): Promise<Part> {
  const { labId, onEvent, onLog = () => undefined } = options;
  const agent = startLocalAgent(options);
  const session = await startSession(agent, {
    labId,
    onEvent,
    onLog,
    explainRefusal: (detail) => explainRefusal(detail, hasPrivileges()),
  });
  return {
    machine,
    labId,
    session: {
      ...session,
      call: async (method, params, timeoutMs) => {
        if (method === 'build' && 'plan' in params && hasUplink(params.plan))
          await startUplink(agent.holder, params.plan);
        return session.call(method, params, timeoutMs);
      },
    },
    clock: () => OWN_CLOCK,
    kill: () => agent.kill(),
    release: () => agent.release(),
  };
}
