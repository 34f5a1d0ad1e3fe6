// What a censor has seen and done since it began: plain numbers, for logs, run.json and whoever watches. They never go back, but for `known`.
import type { CensorActionKind } from './censor-action.ts';
import type { CensorChecks } from './censor.ts';

export interface CensorStatistics {
  /** All that came to it, whatever became of them. */
  readonly packets: number;
  /** Of IP, headers included. */
  readonly bytes: number;
  /** Flows begun. */
  readonly flows: number;
  /** Flows known now. */
  readonly known: number;
  /** Flows forgotten because the table was full. */
  readonly evicted: number;
  /** Packets of flows that it does not follow: begun otherwise than its state asks for, or met while the table was full. They passed. */
  readonly unseen: number;
  /** Packets dropped because the table was full and `whenFull` is `drop`. */
  readonly refused: number;
  /** Packets that passed while it was switched off. */
  readonly unjudged: number;
  readonly unparsable: number;
  /** Later fragments whose first was not seen; they passed. Nought where fragments are put together. */
  readonly orphanFragments: number;
  /** Datagrams in fragments that were given up: too many fragments, too many bytes, too late, or overlapping in IPv6. */
  readonly brokenDatagrams: number;
  /** Packets that were seen but not believed, by the check that told. */
  readonly ignored: Readonly<Record<CensorCheck, number>>;
  /** Streams given up because they outgrew the limit. */
  readonly overflowedStreams: number;
  /** In the order of its rules, then those that a reload took away. */
  readonly rules: readonly RuleStatistics[];
  /** How often each action was decided on; kinds that never were are absent. `residual`: flows that fell under a residual block. */
  readonly actions: Readonly<Partial<Record<CensorActionKind | 'residual', number>>>;
  /** Of a censor that has one. */
  readonly program?: ProgramStatistics;
}

/** What came of asking a censor's program. */
export interface ProgramStatistics {
  /** Packets that it was asked about, and verdicts that it gave in time. */
  readonly asked: number;
  readonly answered: number;
  /** Packets decided by `onError`: no verdict in time; too many waited; it was not there; it said that it could not tell. */
  readonly timedOut: number;
  readonly overflowed: number;
  readonly unattended: number;
  readonly failed: number;
  /** Verdicts that came when their packet was gone. */
  readonly late: number;
  /** What it said and nobody could understand or carry out. */
  readonly faults: number;
  readonly injected: number;
  /** How often it ended, or was ended, before its time. */
  readonly ended: number;
}

export interface RuleStatistics {
  readonly name: string;
  /** Decisions: once a flow for a rule over packets, else once a message. */
  readonly hits: number;
}

/** A word of the scenario's `checks`; `hops` is its `ttl`. */
export type CensorCheck = keyof CensorChecks;
