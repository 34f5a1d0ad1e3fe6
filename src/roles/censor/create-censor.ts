import type { CensorSpec } from '../../model/censor.ts';
import type { CensorOptions } from './censor-parts.ts';
import { Censor } from './censor.ts';

/**
 * A censor that judges packets by `spec`. Chance comes from `seed`, time from the packets: the same packets are judged the same in a
 * lab, over a capture and in a test. `position` is in-path unless given; a `PlanCensor` brings its own.
 */
export const createCensor = (
  name: string,
  spec: CensorSpec & Partial<CensorOptions>,
  seed: number,
): Censor =>
  new Censor(name, spec, seed, {
    position: spec.position ?? 'in-path',
    evaluator: spec.evaluator ?? null,
    clients: spec.clients ?? [],
    interceptor: spec.interceptor ?? null,
  });
