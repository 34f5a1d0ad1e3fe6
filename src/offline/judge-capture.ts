import type { IpPrefix } from '../base/addresses.ts';
import { formatPrefix } from '../base/addresses.ts';
import type { PlanCensor } from '../model/plan.ts';
import { createCensor } from '../roles/censor/create-censor.ts';
import { CaptureJudge, type JudgeOptions } from './capture-judge.ts';

/** A judge by the censor of a plan, with the seed of that plan: the decisions of the lab. */
export function judgeBy(
  { name, ...spec }: PlanCensor,
  seed: number,
  options: Omit<JudgeOptions, 'censor' | 'position'>,
): CaptureJudge {
  const { position } = spec;
  const censor = createCensor(
    name,
    { ...insideOf(spec, options.clients), clients: options.clients },
    seed,
  );
  return new CaptureJudge({ ...options, censor, position });
}

/** Who is inside is the capture's to say, where the command line says it. */
const insideOf = <Spec extends Omit<PlanCensor, 'name'>>(
  spec: Spec,
  clients: readonly IpPrefix[],
): Spec => (clients.length === 0 ? spec : { ...spec, inside: clients.map(formatPrefix) });
