import type { Observation } from '../../model/observation.ts';
import type { Report } from '../report.ts';
import { ooniMeasurement } from './base.ts';

/** One measurement an attempt and a line, in the order of their ends, as ooniprobe writes them: JSON without spaces. */
export function renderOoni(
  report: Pick<Report, 'plan' | 'manifest' | 'verdicts'>,
  observations: readonly Observation[],
): string {
  const { plan, verdicts } = report;
  const probes = new Map(plan.flows.map(({ name, probe }) => [name, probe]));
  const judged = new Map(verdicts.map((verdict) => [verdict.flow, verdict]));
  return observations
    .map((observation) => {
      const probe = probes.get(observation.flow) ?? null;
      const measurement = ooniMeasurement(
        { observation, probe },
        judged.get(observation.flow),
        report,
      );
      return `${JSON.stringify(measurement)}\n`;
    })
    .join('');
}
