// How far times of different machines can be trusted against each other.
import { formatBound, formatMillis } from '../base/units.ts';
import { type Clocks, clockAt } from '../model/clocks.ts';
import { machineOf } from '../model/plan-share.ts';
import type { Plan } from '../model/plan.ts';

/** Microseconds by which the times of two nodes may be off against each other: 0 on one machine. */
export type Skew = (node: string, other: string) => number;

export const NO_SKEW: Skew = () => 0;

export const skewOf = (plan: Plan, clocks: Clocks): Skew => {
  const known = new Map(
    plan.nodes.map(({ name }) => [
      name,
      { machine: machineOf(plan, name), error: clockAt(clocks, plan, name).error },
    ]),
  );
  return (node, other) => {
    const [one, another] = [known.get(node), known.get(other)];
    return one?.machine === another?.machine ? 0 : (one?.error ?? 0) + (another?.error ?? 0);
  };
};

/** `12.1 ms`, or `12.1 ms ± 0.3 ms` across machines. `error` in microseconds. */
export const describeDelay = (millis: number, error: number): string =>
  error === 0
    ? formatMillis(millis)
    : `${millis < 0 ? '-' : ''}${formatMillis(Math.abs(millis))} ± ${formatBound(error / 1000)}`;
