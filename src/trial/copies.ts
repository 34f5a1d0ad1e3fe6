import type { Plan } from '../model/plan.ts';
import { containerNodes } from '../model/plan-containers.ts';
import { isBackground } from './drive-traffic.ts';

/** The flows after which something is copied in or out. A background program ends when the traffic is stopped. */
export function flowsToCopyAfter(plan: Plan): {
  readonly atEnd: readonly string[];
  readonly atStop: readonly string[];
} {
  const wanted = new Set(
    containerNodes(plan).flatMap(({ container }) =>
      container.copies.flatMap(({ at }) => (at.when === 'after' ? [at.flow] : [])),
    ),
  );
  const flows = plan.flows.filter(({ name }) => wanted.has(name));
  return {
    atEnd: flows.filter((flow) => !isBackground(flow)).map(({ name }) => name),
    atStop: flows.filter(isBackground).map(({ name }) => name),
  };
}
