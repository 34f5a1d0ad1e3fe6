// The conductor of one run: arms, analysis, results. The last thing it does is give the results folder its name.
import { type EventLog, openEventLog } from './event-log.ts';
import { type Outcome, manifestOf } from './manifest.ts';
import { type ResultsFolder, createResultsFolder } from './results-folder.ts';
import { writeInputs, writeOutcome } from './write-results.ts';
import type { Arm } from './arm.ts';
import { Fault } from '../base/fault.ts';
import { MAX_TIMELINE } from '../report/html.ts';
import type { Report } from '../report/report.ts';
import type { TrialOptions, TrialResult } from './trial.ts';
import { asFault } from './cut.ts';
import { inside } from './results-name.ts';
import { judge } from './judge.ts';
import { readSecrets } from './secrets.ts';
import { runArm } from './run-arm.ts';
import type { Plan } from '../model/plan.ts';
import type { VisitRecord } from '../model/visit.ts';
import { readFinishedVisits, writeCarried } from './visit-files.ts';
import { describeCarried } from './visit-ledger.ts';

/** Rejects with a fault when there is no run to speak of: results that cannot be written, or no lab at all. */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const started = new Date();
  const { plan, planHash, out } = options;
  const plans = [plan, ...(options.controlPlan ? [options.controlPlan] : [])];
  const secrets = await readSecrets(plans, options.folder);
  const finished = await readFinished(options);
  const folder = await createResultsFolder({ out, scenario: plan.scenario, planHash, started });
  try {
    await writeInputs(folder, options);
    const events = openEventLog(inside(folder.path, 'events.ndjson'), MAX_TIMELINE);
    const outcome = await conduct(options, { secrets, finished }, folder, events);
    if (outcome.cut instanceof Fault && !(outcome.main ?? outcome.control)?.facts) {
      await events.close();
      await folder.discard();
      throw outcome.cut;
    }
    return await conclude(options, folder, events, outcome, started);
  } catch (error) {
    throw withPartial(error, folder);
  }
}

/** What is read before there is a run. */
interface Beforehand {
  readonly secrets: Readonly<Record<string, string>>;
  /** Visits that an earlier run has finished, by arm. */
  readonly finished: Readonly<Record<'main' | 'control', readonly VisitRecord[]>>;
}

async function readFinished({
  resume,
  controlPlan,
}: TrialOptions): Promise<Beforehand['finished']> {
  if (resume === null) return { main: [], control: [] };
  const control = controlPlan ? await readFinishedVisits(resume, 'control') : [];
  return { main: await readFinishedVisits(resume, 'main'), control };
}

/** Says which visits are not made again, and keeps their records for whoever goes on with this run. */
async function carryOver(
  { progress, resume }: TrialOptions,
  { flows }: Plan,
  finished: readonly VisitRecord[],
  directory: string,
): Promise<void> {
  if (resume === null) return;
  const lines = describeCarried(flows, finished);
  for (const line of lines) progress.note(line);
  if (lines.length === 0) progress.note('no finished visit to carry over');
  await writeCarried(directory, finished);
}

async function conduct(
  options: TrialOptions,
  { secrets, finished }: Beforehand,
  folder: ResultsFolder,
  events: EventLog,
): Promise<Outcome> {
  const { agentFile, progress, interrupts, build, folder: home, ask } = options;
  const log = events.write;
  const common = { agentFile, progress, interrupts, log, folder: home, build, secrets, ask };
  let control: Arm | null = null;
  if (options.controlPlan) {
    progress.note('without censors');
    const directory = inside(folder.path, 'control');
    const plan = options.controlPlan;
    await carryOver(options, plan, finished.control, directory);
    control = await runArm({
      ...{ ...common, name: 'control', plan, directory, keep: false },
      finished: finished.control,
    });
    if (control.cut) return { main: null, control, judgement: null, cut: control.cut, analysis: 0 };
    progress.note('with censors');
  }
  const { plan, keep } = options;
  await carryOver(options, plan, finished.main, folder.path);
  const main = await runArm({
    ...common,
    ...(control && { prepared: control.record.images }),
    name: 'main',
    finished: finished.main,
    plan,
    directory: folder.path,
    keep,
  });
  if (main.cut) return { main, control, judgement: null, cut: main.cut, analysis: 0 };
  const begun = performance.now();
  progress.begin('analysis');
  try {
    const judgement = await judge(main, control);
    progress.end(null);
    return { main, control, judgement, cut: null, analysis: performance.now() - begun };
  } catch (error) {
    progress.fail();
    const analysis = performance.now() - begun;
    return { main, control, judgement: null, cut: asFault(error), analysis };
  }
}

async function conclude(
  options: TrialOptions,
  folder: ResultsFolder,
  events: EventLog,
  outcome: Outcome,
  started: Date,
): Promise<TrialResult> {
  const report: Report = {
    plan: options.plan,
    manifest: manifestOf(options, outcome, started),
    verdicts: outcome.judgement?.verdicts ?? [],
    expectations: outcome.judgement?.expectations ?? [],
  };
  const arms = [outcome.control, outcome.main].filter((arm) => arm !== null);
  await events.close();
  await writeOutcome(folder, report, arms, events, options.sources);
  const kept = outcome.main?.kept ?? null;
  // Hosts files and the like are of use while a lab is up, and no evidence.
  for (const lab of ['control/lab', ...(kept === null ? ['lab'] : [])]) await folder.remove(lab);
  await folder.seal(report.manifest, kept !== null);
  return {
    report,
    results: folder.finalPath,
    cut: outcome.cut,
    kept,
  };
}

function withPartial(error: unknown, folder: ResultsFolder): Fault {
  const fault = asFault(error);
  if (folder.discarded) return fault;
  const partial = `what there is of the results stays in "${folder.path}"`;
  const help = fault.help === undefined ? partial : `${fault.help}; ${partial}`;
  return new Fault(fault.kind, fault.message, { help, cause: error });
}
