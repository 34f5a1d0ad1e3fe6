// The phases of one arm, from an empty lab to drained captures. Each wait is bounded and ends when the run is cut off.
import type { ArmNotes, ArmOptions } from './arm.ts';
import { type Cut, asFault } from './cut.ts';
import { createBarriers } from './barriers.ts';
import { carryOut } from './carry-out.ts';
import { LIMITS, copyLimit, flowLimit, stopLimit } from './limits.ts';
import { type Phase, inPhase } from './phase.ts';
import { captureWarnings, clockWarnings, containerWarnings, visitWarnings } from './warnings.ts';
import { driveTraffic, isBackground } from './drive-traffic.ts';
import type { Lab } from '../lab/lab.ts';
import type { Plan } from '../model/plan.ts';
import { type Start, controlEntry } from './schedule.ts';
import type { Flow } from '../model/traffic.ts';
import { countOf } from '../report/text.ts';
import { describeClocks, describeSeconds } from './describe-phase.ts';
import { flowsToCopyAfter } from './copies.ts';
import { noteMachines } from './note-machines.ts';
import { now } from './clock.ts';
import { raiseLab } from './raise-lab.ts';
import { tellTraffic } from './tell-traffic.ts';
import { diagnoseMirrors, playsCaptures } from './diagnose-mirrors.ts';
import { refuseFindings } from './refuse-findings.ts';
import { mirrorWarnings } from './mirror-warnings.ts';
import { tunnelWarnings } from './tunnel-warnings.ts';
import { startContainers } from './start-containers.ts';
import { writeVisit } from './visit-files.ts';
import { createVisitLedger, isVisitFlow } from './visit-ledger.ts';

export async function conductArm(
  starting: Promise<Lab>,
  options: ArmOptions,
  notes: ArmNotes,
  cut: Cut,
): Promise<void> {
  const { plan } = options;
  const lab = await raiseLab(starting, options, notes, cut);
  const phase = (what: Phase, work: () => Promise<void>): Promise<void> =>
    inPhase(what, options, notes, () => cut.guard(work()));

  await phase({ name: 'services', title: 'services', line: () => null }, async () => {
    // Services send nothing of themselves, so that the captures have begun before the first packet either way. Tunnels shake hands.
    const capturing = lab.call('startCaptures', {}, LIMITS.captures);
    if (plan.tunnels !== undefined) await capturing;
    await Promise.all([capturing, lab.call('startServices', {}, LIMITS.services)]);
  });
  await startContainers(lab, options, notes, cut);
  await diagnoseMirrors(lab, options, notes, cut);
  refuseFindings(notes.diagnoses, plan);
  if (playsCaptures(plan)) await cut.guard(lab.call('playMirrors', {}, LIMITS.playMirrors));

  const flows = countOf(plan.flows.length, 'flow');
  const copying = flowsToCopyAfter(plan);
  await phase(
    { name: 'traffic', title: 'traffic', line: (ms) => `${flows}, ${describeSeconds(ms)}` },
    () =>
      driveTraffic(
        [...plan.flows, ...(plan.controls ?? []).map(controlEntry)],
        attemptOn(lab, options, notes, cut),
        options.interrupts.stopping,
        {
          flows: new Set(copying.atEnd),
          settle: ({ name }) => copyAfter(lab, plan, name),
        },
        plan.seed,
      ),
  );

  await phase({ name: 'collect', title: 'collecting', line: () => null }, async () => {
    notes.trafficEnded = now();
    await lab.call('stopTraffic', {}, LIMITS.stopTraffic);
    notes.captures = (await lab.call('stopCaptures', {}, LIMITS.stopCaptures)).captures;
    for (const flow of copying.atStop) await copyAfter(lab, plan, flow);
    // A lab that stays is of use only with its containers running.
    const leaveRunning = options.keep;
    if (notes.hasContainers === 'all')
      notes.containers = (
        await lab.call('stopContainers', { leaveRunning }, stopLimit(plan))
      ).containers;
    await countPackets(lab, options, notes);
    noteMachines(lab, notes);
  });
  tellClocks(options, notes);
  const warnings = [
    ...captureWarnings(notes.captures),
    ...clockWarnings(notes.machines, plan),
    ...containerWarnings(plan, notes),
    ...visitWarnings(notes.visits),
    ...tunnelWarnings(plan, [...notes.tunnels.values()]),
    ...mirrorWarnings(plan, [...notes.mirrors.values()]),
  ];
  for (const warning of warnings) options.progress.warn(warning);
}

/** How well the clocks of other machines are known; nothing to tell of this one alone. */
function tellClocks({ progress }: ArmOptions, { machines }: ArmNotes): void {
  progress.begin('clocks');
  progress.end(describeClocks(machines));
}

/** Runs one attempt and notes what was seen. A background program is left to itself. */
function attemptOn(
  lab: Lab,
  { plan, log, progress, directory, finished }: ArmOptions,
  notes: ArmNotes,
  cut: Cut,
): (start: Start) => Promise<void> {
  const awaited = plan.flows.filter((flow) => !isBackground(flow)).length;
  const ended = new Set<string>();
  const barriers = createBarriers(plan);
  const ledger = createVisitLedger(finished);
  const openFlow = async ({ flow, attempt }: Start<Flow>): Promise<void> => {
    await lab.call('openFlow', { flow: flow.name, attempt }, LIMITS.openFlow);
  };
  /** Whether a visit is none that is to be made. */
  const isLeftOut = (flow: Flow, attempt: number): boolean => {
    const record = isVisitFlow(flow) ? ledger.leaveOut(flow, attempt) : null;
    if (record === null) return false;
    notes.visits.push(record);
    log({ kind: 'visit-left-out', time: now(), visit: record });
    return true;
  };
  return async ({ flow, attempt }) => {
    if ('control' in flow) {
      await carryOut(lab, flow.control, log);
      return;
    }
    const start = { flow, attempt };
    // Whoever else waits there goes on, whether or not this visit is made.
    const at = await barriers.pass(start, () => openFlow(start));
    if (isLeftOut(flow, attempt)) return;
    log({ kind: 'flow-begins', time: now(), flow: flow.name, attempt, node: flow.from });
    const observed = lab.call(
      'runFlow',
      { flow: flow.name, attempt, ...(at !== null && { at }) },
      flowLimit(flow),
    );
    if (isBackground(flow)) {
      // Its ending is no observation, but that it cannot be started breaks the run.
      observed.catch((error: unknown) => {
        if (!('collect' in notes.timings)) cut.breakWith(asFault(error));
      });
      return;
    }
    const observation = await observed;
    notes.observations.push(observation);
    const visit = isVisitFlow(flow) ? ledger.note(flow, observation) : undefined;
    if (visit) {
      notes.visits.push(visit);
      await writeVisit(directory, visit);
    }
    const { failure, end, detail, hops, rtts, parties } = observation;
    log({
      ...{ kind: 'flow-ends', time: end, flow: flow.name, attempt, node: flow.from, failure },
      ...(failure === null || detail === undefined ? {} : { detail }),
      ...(hops === undefined ? {} : { hops }),
      ...(rtts === undefined ? {} : { rtts }),
      ...(parties === undefined ? {} : { parties }),
      ...(visit === undefined ? {} : { visit }),
    });
    ended.add(flow.name);
    notes.flowsEnded = `${ended.size} of ${countOf(awaited, 'flow')}`;
    tellTraffic(progress, notes);
  };
}

const copyAfter = async (lab: Lab, plan: Plan, flow: string): Promise<void> => {
  await lab.call('copyAfter', { flow }, copyLimit(plan));
};

/** Asks while the lab is there: its agent holds the BPF compiler. */
async function countPackets(lab: Lab, { plan }: ArmOptions, notes: ArmNotes): Promise<void> {
  for (const expectation of plan.expectations) {
    if (expectation.kind !== 'capture') continue;
    const { id, files, filter } = expectation;
    const { count } = await lab.call('countPackets', { files: [...files], filter }, LIMITS.count);
    notes.counts.set(id, count);
  }
}
