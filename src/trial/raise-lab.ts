// The first phases of every lab: its images prepared, built, and its links measured.
import type { ArmNotes, ArmOptions } from './arm.ts';
import { buildLimit, measureLimit } from './limits.ts';
import { describeLinks, describeSeconds } from './describe-phase.ts';
import type { Cut } from './cut.ts';
import { Fault } from '../base/fault.ts';
import type { Lab } from '../lab/lab.ts';
import type { Plan, PlanNetwork } from '../model/plan.ts';
import { countOf } from '../report/text.ts';
import { hasContainers } from '../model/plan-containers.ts';
import { hasPrivileges } from '../lab/machine/privileges.ts';
import { inPhase } from './phase.ts';
import { linkWarnings } from './warnings.ts';
import { prepareImages, wantsPreparing } from './prepare-images.ts';

/** From now on the run is cut off when the lab ends. What a link misses is a warning. */
export async function raiseLab(
  starting: Promise<Lab>,
  options: ArmOptions,
  notes: ArmNotes,
  cut: Cut,
): Promise<Lab> {
  const { plan, directory, folder, progress } = options;
  const where = describePlace(plan);
  const up = {
    name: 'up',
    title: 'lab up',
    line: (millis: number) => `${describeSeconds(millis)}, ${where}`,
  };
  const begun = begin();
  if (wantsPreparing(options)) await prepareImages(await cut.guard(begun), options, notes, cut);
  const lab = await inPhase(up, options, notes, () => cut.guard(begun.then(build)));
  if (plan.networks.some(isImpaired)) {
    const measured = {
      name: 'measure',
      title: 'links measured',
      line: () => describeLinks(notes.links),
    };
    await inPhase(measured, options, notes, () => cut.guard(measure(lab)));
  }
  for (const warning of linkWarnings(notes.links)) progress.warn(warning);
  return lab;

  async function begin(): Promise<Lab> {
    const started = await starting;
    notes.facts = started.facts;
    notes.machines = started.machines();
    void started.ended.then(({ reason }) => cut.breakWith(labEnded(reason)));
    return started;
  }
  async function build(started: Lab): Promise<Lab> {
    if (hasContainers(plan)) notes.hasContainers = 'some';
    const built = await started.call('build', { plan, directory, folder }, buildLimit(plan));
    notes.impairments = built.impairments;
    notes.machines = started.machines();
    if (hasContainers(plan)) notes.hasContainers = 'all';
    return started;
  }
  async function measure(built: Lab): Promise<void> {
    notes.links = (await built.call('measure', {}, measureLimit(plan))).links;
  }
}

/** Who the lab belongs to, or over how many machines it is spread. */
const describePlace = ({ machines }: Plan): string => {
  if (machines.some(({ ssh }) => ssh !== null)) return `on ${countOf(machines.length, 'machine')}`;
  return hasPrivileges() ? 'as root' : 'rootless';
};

const isImpaired = ({ members }: PlanNetwork): boolean =>
  members.some((member) => member.impairment !== undefined);

const labEnded = (reason: string): Fault =>
  new Fault('run', `The lab ended before the run did: ${reason}`, {
    help: reason.includes('dead-man')
      ? 'See why the network was lost, or give the machine a longer "deadMan"'
      : 'The logs in the results folder show what its agent wrote last',
  });
