import type { MovingPolicy } from '../../../src/roles/tunnel/policy.ts';

/** A policy over time, every 200 ms as CoMPS has it. */
export const policyOf = (
  policy: MovingPolicy['policy'],
  more: Partial<MovingPolicy> = {},
): MovingPolicy => ({
  policy,
  every: { kind: 'time', ms: 200 },
  weights: [],
  alpha: 1,
  batch: null,
  trace: null,
  ...more,
});
