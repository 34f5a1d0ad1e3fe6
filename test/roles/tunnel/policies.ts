import type { MigrationPolicy } from '../../../src/roles/tunnel/policy.ts';

/** A policy over time, every 200 ms as CoMPS has it. */
export const policyOf = (
  policy: MigrationPolicy['policy'],
  more: Partial<MigrationPolicy> = {},
): MigrationPolicy => ({
  policy,
  every: { kind: 'time', ms: 200 },
  weights: [],
  alpha: 1,
  batch: null,
  trace: null,
  ...more,
});
