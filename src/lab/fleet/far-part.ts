import { formatPrefix } from '../../base/addresses.ts';
import type { PlanMachine } from '../../model/machine.ts';
import type { Plan } from '../../model/plan.ts';
import { shareOf } from '../../model/plan-share.ts';
import { hasUplink, uplinkRange } from '../../model/uplink.ts';
import { correctEvent } from '../../model/correct-times.ts';
import { watchClock } from '../clock/watch-clock.ts';
import { openFarMachine } from '../far/open-far-machine.ts';
import type { AbroadOptions, LabOptions } from '../lab.ts';
import { explainRefusal } from '../machine/refusal.ts';
import { startSession } from '../session.ts';
import { type Part, onMachine } from './part.ts';

/** The limit for one word of an agent about its clock, in milliseconds: a lost connection may come back meanwhile. */
const CLOCK_MS = 120_000;

/** The part of a lab on a machine that ssh reaches. */
export function openFarPart(
  machine: PlanMachine,
  labId: string,
  options: LabOptions & { readonly abroad: AbroadOptions; readonly plan: Plan },
): Promise<Part> {
  return onMachine(machine.name, open(machine, labId, options));
}

async function open(
  machine: PlanMachine,
  labId: string,
  options: LabOptions & { readonly abroad: AbroadOptions; readonly plan: Plan },
): Promise<Part> {
  const { abroad, plan, scenario, keepable, onEvent, onLog = () => undefined } = options;
  const { folder, ask, onProgress, onNotice, stopping } = abroad;
  const far = await openFarMachine({
    machine,
    folder,
    ask,
    onProgress,
    onNotice,
    signal: stopping,
  });
  try {
    const range = hasUplink(shareOf(plan, machine.name)) ? uplinkRange(plan) : undefined;
    const agent = await far.startAgent({
      labId,
      scenario,
      keepable,
      deadMan: machine.deadMan,
      uplink: range === undefined ? null : formatPrefix(range),
    });
    const session = await startSession(agent, {
      labId,
      onEvent: (event) => onEvent(correctEvent(event, watch.record())),
      onLog,
      // What this machine's settings say is nothing to a far one.
      explainRefusal: (detail) => explainRefusal(detail, true, () => undefined),
    });
    const watch = watchClock(() => session.call('clock', {}, CLOCK_MS));
    try {
      await watch.before();
    } catch (error) {
      await session.close();
      throw error;
    }
    watch.start();
    void session.ended.then(() => watch.stop());
    return {
      machine,
      labId,
      session,
      far: { machine: far, agent, watch },
      clock: () => watch.record(),
      kill: () => agent.kill(),
      release: () => agent.release(),
    };
  } catch (error) {
    far.close();
    throw error;
  }
}
