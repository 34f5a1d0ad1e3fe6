// What goes into the results folder, and when: the inputs before the run, the outcome after it.
import { sightMirrors } from '../analysis/mirror/sight-mirrors.ts';
import type { MirrorSighting } from '../model/mirror-packets.ts';
import { MAX_TIMELINE, renderHtml } from '../report/html.ts';
import { renderOoni } from '../report/ooni/render-ooni.ts';
import { type Report, expectationRecords } from '../report/report.ts';
import { writeFindings } from './write-findings.ts';
import type { Arm } from './arm.ts';
import type { EventLog } from './event-log.ts';
import type { ResultsFolder } from './results-folder.ts';
import type { TrialOptions } from './trial.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { mergeToPcapng } from '../wire/pcapng.ts';
import { clockAt } from '../model/clocks.ts';
import { clocksOf, readCaptures } from './evidence.ts';
import { sourceName } from './results-name.ts';

/** Bytes of captures beyond which they are not merged: the copy would be larger than a buffer can be. */
const MAX_MERGED = 2 ** 31;

/** Scenario and plan, so that even a run killed at once tells what it was. */
export async function writeInputs(
  folder: ResultsFolder,
  { sources, plan, controlPlan }: TrialOptions,
): Promise<void> {
  const [main, ...included] = sources;
  if (main) await folder.write('scenario.yaml', main.text);
  for (const { file, text } of included)
    await folder.write(sourceName(main?.file ?? '', file), text);
  // Exactly the bytes that planHash is the hash of.
  await folder.write('plan.json', canonicalJson(plan));
  for (const arm of ['', ...(controlPlan ? ['control/'] : [])])
    for (const name of ['captures', 'logs']) await folder.makeFolder(`${arm}${name}`);
  if (controlPlan) await folder.write('control/plan.json', canonicalJson(controlPlan));
}

export async function writeOutcome(
  folder: ResultsFolder,
  report: Report,
  arms: readonly Arm[],
  events: EventLog,
  sources: TrialOptions['sources'],
): Promise<void> {
  let sightings: readonly MirrorSighting[] = [];
  for (const arm of arms) {
    const captures = await readCaptures(arm);
    if (arm.name === 'main') sightings = sightMirrors({ ...arm, captures, clocks: clocksOf(arm) });
    const size = captures.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (captures.length === 0 || size > MAX_MERGED) continue;
    const name = `${arm.name === 'control' ? 'control/' : ''}captures/all.pcapng`;
    const clocks = clocksOf(arm);
    const merged = mergeToPcapng(
      captures.map(({ capture, node, bytes }) => ({
        name: capture,
        bytes,
        clock: clockAt(clocks, arm.plan, node),
      })),
    );
    await folder.write(name, merged);
  }
  for (const arm of arms) if (arm.name === 'main') await writeFindings(folder, arm, sources);
  // Without a judgement there are no verdicts: an empty list would read as "nothing happened".
  if (report.manifest.status === 'passed' || report.manifest.status === 'failed') {
    await folder.write('verdicts.json', json(report.verdicts));
    await folder.write('expectations.json', json(expectationRecords(report.expectations)));
    const observations = arms.find(({ name }) => name === 'main')?.observations ?? [];
    await folder.write('ooni.jsonl', renderOoni(report, observations));
  }
  const shown = { events: events.first.slice(0, MAX_TIMELINE), eventCount: events.count };
  await folder.write('report.html', renderHtml(report, { sources, ...shown, sightings }));
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
