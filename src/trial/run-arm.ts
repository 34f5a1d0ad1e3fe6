// One arm from start to end: whatever cuts it off, what was seen is collected and the lab is gone afterwards.
import { type Arm, type ArmNotes, type ArmOptions, newNotes } from './arm.ts';
import { type Cut, asFault, attemptWithin, watchForCut } from './cut.ts';
import type { Lab } from '../lab/lab.ts';
import { labOptions } from './lab-options.ts';
import { startLab } from '../lab/start-lab.ts';
import type { Fault } from '../base/fault.ts';
import { Interrupted } from './interrupt.ts';
import { LIMITS, salvageLimit } from './limits.ts';
import { noteMachines } from './note-machines.ts';
import { conductArm } from './arm-phases.ts';
import { containerWarnings, lossWarnings, visitWarnings } from './warnings.ts';
import { killLab, takeDown } from './take-down.ts';
import { newLabId } from './lab-id.ts';
import { now } from './clock.ts';
import { isVisitFlow } from './visit-ledger.ts';

/** Never rejects for what happens to the run: that is `cut`. */
export async function runArm(options: ArmOptions): Promise<Arm> {
  const labId = newLabId();
  const notes = newNotes();
  const cut = watchForCut(options.interrupts);
  const kill = (): void => killLab(labId);
  options.interrupts.killing.addEventListener('abort', kill, { once: true });
  const starting = startLab(labOptions(labId, options, notes, cut));
  let reason: Fault | Interrupted | undefined;
  let kept: string | undefined;
  try {
    await conductArm(starting, options, notes, cut);
    if (options.keep) kept = await keepLab(await starting, cut);
  } catch (error) {
    reason = error instanceof Interrupted ? error : asFault(error);
    options.progress.fail();
    await salvage(starting, options, notes, reason instanceof Interrupted);
  }
  if (kept === undefined) await takeDown(starting, labId, options, notes);
  for (const warning of lossWarnings(notes.events)) options.progress.warn(warning);
  options.interrupts.killing.removeEventListener('abort', kill);
  return {
    name: options.name,
    plan: options.plan,
    directory: options.directory,
    record: {
      timings: notes.timings,
      impairments: notes.impairments,
      links: notes.links,
      captures: notes.captures,
      censors: [...notes.censors.values()],
      proxies: [...notes.proxies.values()],
      tunnels: [...notes.tunnels.values()],
      mirrors: [...notes.mirrors.values()],
      ...(options.plan.mirrors && { diagnoses: notes.diagnoses }),
      ...(options.plan.flows.some(isVisitFlow) && { visits: notes.visits }),
      machines: notes.machines,
      ...(notes.engine && { engine: notes.engine }),
      images: notes.images,
      containers: notes.containers,
    },
    observations: notes.observations,
    events: notes.events,
    trafficEnded: notes.trafficEnded,
    counts: notes.counts,
    warnings: [
      ...containerWarnings(options.plan, notes),
      ...visitWarnings(notes.visits),
      ...notes.steppedClocks,
      ...notes.leftovers,
    ],
    ...(notes.facts && { facts: notes.facts }),
    ...(reason && { cut: reason }),
    ...(kept !== undefined && { kept }),
  };
}

async function keepLab(lab: Lab, { guard }: Cut): Promise<string> {
  await guard(lab.detach());
  return lab.id;
}

/** After a cut: what the lab can still give, if it is still there; within a few seconds when somebody waits for the end. */
async function salvage(
  starting: Promise<Lab>,
  { interrupts, plan }: ArmOptions,
  notes: ArmNotes,
  isHurried: boolean,
): Promise<void> {
  const soon = <T>(work: Promise<T>): Promise<T | undefined> =>
    attemptWithin(work, LIMITS.salvage, interrupts.killing);
  const lab = await soon(starting);
  if (!lab) return;
  notes.trafficEnded ??= now();
  if (notes.captures.length === 0) {
    // At once, for a program that does not want to end must not cost us the packets.
    const [stopped] = await Promise.all([
      attemptWithin(
        lab.call('stopCaptures', {}, LIMITS.salvage),
        salvageLimit(plan),
        interrupts.killing,
      ),
      soon(lab.call('stopTraffic', {}, LIMITS.salvage)),
    ]);
    if (stopped) notes.captures = stopped.captures;
    noteMachines(lab, notes);
  }
  if (notes.hasContainers === 'none') return;
  const limit = isHurried ? LIMITS.salvageContainers : LIMITS.salvageBroken;
  const ended = lab.call('stopContainers', {}, limit);
  const last = await attemptWithin(ended, limit, interrupts.killing);
  if (last) notes.containers = last.containers;
}
