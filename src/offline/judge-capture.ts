import type { IpPrefix } from '../base/addresses.ts';
import { formatPrefix } from '../base/addresses.ts';
import type { PlanCensor } from '../model/plan.ts';
import type { CensorChange } from '../model/traffic.ts';
import { changeCensor } from '../roles/censor/change-censor.ts';
import { createCensor } from '../roles/censor/create-censor.ts';
import { CaptureJudge, type JudgeOptions } from './capture-judge.ts';

/** What a run did to its censor, in microseconds since the epoch. */
export interface ChangeInTime {
  readonly time: number;
  readonly change: CensorChange;
}

/** A judge by the censor of a plan, with the seed of that plan: the decisions of the lab. */
export function judgeBy(
  { name, ...spec }: PlanCensor,
  seed: number,
  {
    changes = [],
    ...options
  }: Omit<JudgeOptions, 'censor' | 'position' | 'changes'> & {
    /** In any order. */
    readonly changes?: readonly ChangeInTime[];
  },
): CaptureJudge {
  const { position } = spec;
  const { clients } = options;
  const censor = createCensor(name, { ...insideOf(spec, clients), clients }, seed);
  const inTime = changes.toSorted((left, right) => left.time - right.time);
  return new CaptureJudge({
    ...options,
    censor,
    position,
    changes: inTime.map(({ time, change }) => ({
      time,
      make: () => changeCensor(censor, seenFrom(change, clients)),
    })),
  });
}

const seenFrom = (change: CensorChange, clients: readonly IpPrefix[]): CensorChange =>
  change.kind === 'reload' ? { ...change, spec: insideOf(change.spec, clients) } : change;

/** Who is inside is the capture's to say, where the command line says it. */
const insideOf = <Spec extends { readonly inside: readonly string[] }>(
  spec: Spec,
  clients: readonly IpPrefix[],
): Spec => (clients.length === 0 ? spec : { ...spec, inside: clients.map(formatPrefix) });
