import type { Span } from '../../model/censor.ts';

/** Which of several paths carries a tunnel's packets, and for how long. Periods are milliseconds or packets. */
export interface MigrationPolicy {
  /**
   * CoMPS's (`migrator.py`): `none`, `round-robin`, `uniform`, and `dirichlet`, whose weights are drawn once. `weighted` has weights of its own, and
   * `batched` (TrafficSliver) keeps each choice by such drawn weights for `batch` periods. `trace` does what was written down.
   */
  readonly policy:
    'none' | 'round-robin' | 'uniform' | 'dirichlet' | 'weighted' | 'batched' | 'trace';
  readonly every: MigrationPeriod;
  /** Of `weighted`: one a path, not all 0; they need not sum up to 1. */
  readonly weights: readonly number[];
  /** Of `dirichlet` and `batched`: the concentration, above 0 and the same for each path; 1 makes all weights equally likely. */
  readonly alpha: number;
  /** Of `batched`: whole periods that a choice is kept, from 1. */
  readonly batch: Span | null;
  /** Of `trace`: the switches in the order of their places. Before the first of them, the first path. */
  readonly trace: readonly PathSwitch[] | null;
}

export type MigrationPeriod =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'packets'; readonly count: number };

export interface PathSwitch {
  /** Milliseconds since the migration began; packets where periods are packets. */
  readonly at: number;
  /** The name of a path. */
  readonly to: string;
}
