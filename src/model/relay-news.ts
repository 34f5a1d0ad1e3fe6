// What a relay says of its sessions while it runs.
import type { RelayFinding } from './relay.ts';

/** Times are microseconds since the epoch. */
export type RelayNews =
  | {
      readonly kind: 'opened';
      readonly time: number;
      readonly session: number;
      /** The client's address, as StreamAddress is written. */
      readonly client: string;
      readonly target: string;
    }
  | {
      readonly kind: 'closed';
      readonly time: number;
      readonly session: number;
      /** A word of `SessionEnd` in roles/relay. */
      readonly reason: string;
      readonly upstream: number;
      readonly downstream: number;
    }
  | {
      readonly kind: 'note';
      readonly time: number;
      readonly session: number;
      readonly text: string;
    }
  | ({ readonly kind: 'finding'; readonly time: number } & RelayFinding);

/** A session that is open. Bytes are those that came. */
export interface RelaySessionView {
  readonly session: number;
  readonly client: string;
  readonly target: string;
  readonly since: number;
  readonly upstream: number;
  readonly downstream: number;
}
