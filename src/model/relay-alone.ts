// A relay, carried by a process of its own outside any lab: what runner tells that process, and what it says.
import type { AloneEnding } from './alone.ts';
import type { RelayNews } from './relay-news.ts';
import type { RelaySpec, RelayStatistics } from './relay.ts';

/** The first line of its input, and the only one. */
export interface RelayAloneOrder {
  readonly spec: RelaySpec;
  readonly seed: number;
  /** The file that edits are told to; null: none. */
  readonly audit: string | null;
  /** Whether nobody wants to hear of sessions more than findings. */
  readonly isQuiet: boolean;
}

export type RelayAloneNews =
  /** It accepts. Addresses as StreamAddress is written; `control` is null where it is not controlled. */
  | {
      readonly kind: 'ready';
      readonly listening: readonly string[];
      readonly control: string | null;
    }
  | RelayNews
  | { readonly kind: 'loss'; readonly count: number; readonly what: string }
  /** At the end. */
  | { readonly kind: 'statistics'; readonly statistics: RelayStatistics }
  | AloneEnding;
