// What a lab tells of its relays.
import type { RelayAudit, RelayFault, RelayFinding, RelayStatistics } from './relay.ts';

/** A proxy in the record of a run: the last that was heard of it. */
export interface ProxyRecord {
  readonly name: string;
  readonly on: string;
  readonly statistics: RelayStatistics;
}

/** The first of each relay, for whoever explains what became of its clients; its audit file and its log have all. */
export type RelayEvent =
  | {
      readonly what: 'opened';
      readonly session: number;
      /** Addresses as `StreamAddress` is written. */
      readonly client: string;
      readonly target: string;
    }
  | {
      readonly what: 'closed';
      readonly session: number;
      /** A word of `SessionEnd` in roles/relay. */
      readonly reason: string;
      /** Bytes that came. */
      readonly upstream: number;
      readonly downstream: number;
    }
  /** The faults of the network that hold from now on. */
  | { readonly what: 'faults'; readonly faults: readonly RelayFault[] }
  /** A record of the audit file: `line` counts from 1. */
  | ({ readonly what: 'edit'; readonly line: number } & Omit<RelayAudit, 'time'>)
  | ({ readonly what: 'finding' } & RelayFinding);

/** The audit file of a relay, relative to the results folder. */
export const auditFile = ({ name, on }: Pick<ProxyRecord, 'name' | 'on'>): string =>
  `logs/${on}.${name}.audit.ndjson`;
