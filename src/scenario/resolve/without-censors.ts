// The plan of a run without censors: what is expected of it, and what comes after what.
import type { Expectation } from '../../model/expectation.ts';
import type { CensorControl, Flow } from '../../model/traffic.ts';

export interface ControlExpectations {
  readonly expectations: readonly Expectation[];
  /** How many speak of what a censor does, and say nothing of a run without one. */
  readonly leftOut: number;
}

type FlowExpectation = Extract<Expectation, { kind: 'flow' }>;

/**
 * Every flow that some expectation wants to fail, or to be interfered with, is to succeed instead. What is expected of other flows stays.
 * Packets that are counted and metrics may be a censor's work, so that they are left out; so are containers that are censors.
 */
export function controlExpectations(
  all: readonly Expectation[],
  censorNodes: ReadonlySet<string>,
): ControlExpectations {
  const hindered = new Set(
    all.flatMap((item) => (item.kind === 'flow' && isHindered(item) ? [item.flow] : [])),
  );
  const asked = new Set<string>();
  const expectations = all.flatMap((item): readonly Expectation[] => {
    if (item.kind === 'container') return censorNodes.has(item.container) ? [] : [item];
    if (item.kind !== 'flow') return [];
    if (!hindered.has(item.flow)) return [item];
    if (asked.has(item.flow)) return [];
    asked.add(item.flow);
    return [{ kind: 'flow', id: item.id, flow: item.flow, failure: null }];
  });
  return { expectations, leftOut: all.length - expectations.length };
}

/** A failure whose cause is said to be none is the flow's own, with censors and without. */
function isHindered(item: FlowExpectation): boolean {
  const { failure, cause, by, stage, outcome, signature, signals = [] } = item;
  const fails = typeof failure === 'string' || (item.exitCode ?? 0) !== 0;
  const ends = stage !== undefined || (outcome !== undefined && outcome !== 'match');
  const isSlow = (item.duration?.min ?? 0) > 0 || (item.goodput?.max ?? null) !== null;
  if (cause === null) return false;
  return (
    [fails, ends, isSlow].includes(true) ||
    [cause, by].some((word) => word !== undefined) ||
    typeof signature === 'string' ||
    signals.length > 0
  );
}

/** What came after a change to a censor comes after what that change came after. */
export function withoutControls(
  flows: readonly Flow[],
  controls: readonly CensorControl[],
): readonly Flow[] {
  const before = new Map(controls.map(({ name, after }) => [name, after]));
  const beyond = (name: string): readonly string[] => {
    const own = before.get(name);
    return own === undefined ? [name] : own.flatMap(beyond);
  };
  if (controls.length === 0) return flows;
  return flows.map((flow) => {
    const after = [...new Set(flow.schedule.after.flatMap(beyond))];
    return { ...flow, schedule: { ...flow.schedule, after } };
  });
}
