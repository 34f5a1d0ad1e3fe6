// What fuzzers have found, as scenarios that do it again: `findings/003-FLOW_MOD-reset.yaml`.
import { relative, resolve } from 'node:path';
import { findingName } from '../scenario/finding/describe-finding.ts';
import { renderFindingScenario } from '../scenario/finding/render-scenario.ts';
import type { Arm } from './arm.ts';
import type { ResultsFolder } from './results-folder.ts';
import type { TrialOptions } from './trial.ts';

/** Of one run. */
const MOST = 1000;

export async function writeFindings(
  folder: ResultsFolder,
  { events, plan, trafficEnded }: Arm,
  [main]: TrialOptions['sources'],
): Promise<void> {
  // What programs do that are ended with the traffic is no answer to anything.
  const end = trafficEnded ?? Infinity;
  const found = events.flatMap((event) =>
    event.kind === 'relay' && event.what === 'finding' && event.time <= end ? [event] : [],
  );
  if (main === undefined || found.length === 0) return;
  await folder.makeFolder('findings');
  // Paths that the scenario names are from its own folder, so that it is read where it is.
  const file = relative(resolve(folder.finalPath, 'findings'), resolve(main.file));
  for (const [index, finding] of found.slice(0, MOST).entries()) {
    const fuzz = plan.proxies?.find(({ name }) => name === finding.relay)?.relay.fuzz;
    const text = renderFindingScenario(finding, {
      ...{ file, scenario: plan.scenario, params: plan.params, seed: plan.seed },
      relay: finding.relay,
      answerTimeout: fuzz?.answerTimeout ?? 0,
      number: index + 1,
    });
    await folder.write(`findings/${findingName(finding, index + 1)}`, text);
  }
}
