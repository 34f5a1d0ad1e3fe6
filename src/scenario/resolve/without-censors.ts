// The plan of a run without censors: what is expected of it, and what comes after what.
import type { CensorRule } from '../../model/censor.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { CensorControl, Flow } from '../../model/traffic.ts';

export interface ControlExpectations {
  readonly expectations: readonly Expectation[];
  /** How many speak of what a censor does, and say nothing of a run without one. */
  readonly leftOut: number;
}

type FlowExpectation = Extract<Expectation, { kind: 'flow' }>;

/**
 * Every flow that some expectation wants to fail, to be interfered with or to be given a forged answer, is to succeed instead. What is expected of other flows stays.
 * Packets that are counted and metrics may be a censor's work, so that they are left out; so are containers that are censors.
 */
export function controlExpectations(
  all: readonly Expectation[],
  censorNodes: ReadonlySet<string>,
  rules: readonly CensorRule[],
): ControlExpectations {
  const forged = new Set(rules.flatMap(forgedAnswers));
  const hindered = new Set(
    all.flatMap((item) => (item.kind === 'flow' && isHindered(item, forged) ? [item.flow] : [])),
  );
  const asked = new Set<string>();
  const expectations = all.flatMap((item): readonly Expectation[] => {
    if (item.kind === 'container') return censorNodes.has(item.container) ? [] : [item];
    if (item.kind === 'proxy' || item.kind === 'tunnel') return [item];
    if (item.kind !== 'flow') return [];
    if (!hindered.has(item.flow)) return [item];
    if (asked.has(item.flow)) return [];
    asked.add(item.flow);
    return [{ kind: 'flow', id: item.id, flow: item.flow, failure: null }];
  });
  return { expectations, leftOut: all.length - expectations.length };
}

/** What a rule says in the name of resolvers. */
const forgedAnswers = ({ actions, residual }: CensorRule): readonly string[] =>
  [...actions, ...(residual?.actions ?? [])].flatMap((action) =>
    action.kind === 'dns' ? action.pool : [],
  );

/** A failure whose cause is said to be none is the flow's own, with censors and without. */
function isHindered(item: FlowExpectation, forged: ReadonlySet<string>): boolean {
  const { failure, cause, by, stage, outcome, signature, signals = [] } = item;
  const fails = typeof failure === 'string' || (item.exitCode ?? 0) !== 0;
  const ends = stage !== undefined || (outcome !== undefined && outcome !== 'match');
  const isSlow = (item.duration?.min ?? 0) > 0 || (item.goodput?.max ?? null) !== null;
  if (cause === null) return false;
  if (item.answers?.some((answer) => forged.has(answer)) === true) return true;
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
