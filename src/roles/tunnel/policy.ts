import type { Migration } from '../../model/tunnel.ts';

/**
 * What of a migration says which path is in force when. CoMPS's policies are `none`, `round-robin`, `uniform` and `dirichlet`; `batched` is
 * TrafficSliver's. The places of a `trace` are milliseconds, so that its period is one of time.
 */
export type MovingPolicy = Pick<
  Migration,
  'policy' | 'every' | 'weights' | 'alpha' | 'batch' | 'trace'
>;
