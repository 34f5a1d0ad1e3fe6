// What a lab tells of its mirrors: while they run, and in the record of a run.
import type { CompareStatistics } from './mirror-compare.ts';

/** How a copy ended. All but `finished` may leave it short of what the client said, and by how much is always told. */
export type CopyEnding =
  /** The client has said all, and the target has it. */
  | 'finished'
  /** The client reset, or the online server did; the target is told by a reset, after what came before. */
  | 'reset-by-client'
  | 'reset-by-online'
  /** The target answered the first packet by a reset, or did so later and nothing more could be said. */
  | 'refused-by-target'
  | 'reset-by-target'
  /** The target closed before the client, more often than may be connected again. */
  | 'closed-by-target'
  /** Nothing answered: not to a SYN, not to what was said, not to the end. */
  | 'no-connection'
  | 'no-acknowledgment'
  | 'no-end'
  /** The target's window stayed closed. */
  | 'no-window'
  /** Bytes of the client were not captured, though the online server has them. */
  | 'capture-loss'
  /** More waited than `limits` allow. */
  | 'buffer-full'
  /** The hook could not go on: the reason is told. */
  | 'hook-failed'
  /** Nothing more was heard of the client. */
  | 'idle'
  | 'stopped';

/** Why a session, or one packet of none, was not copied at all. */
export type RefusalCause =
  | 'not-a-client'
  | 'not-sampled'
  | 'not-from-its-beginning'
  | 'too-many-sessions'
  | 'no-target-of-its-family'
  | 'no-free-port'
  | 'unreadable';

/** Counts from the lab's start. */
export interface MirrorStatistics {
  readonly sessions: {
    /** That were seen, those of which are being copied now, and those that were refused. */
    readonly seen: number;
    readonly open: number;
    readonly refused: Readonly<Partial<Record<RefusalCause, number>>>;
  };
  /** Of all copies that are over: with `multiply` a session has several. */
  readonly copies: {
    readonly begun: number;
    readonly whole: number;
    readonly short: number;
    readonly endings: Readonly<Partial<Record<CopyEnding, number>>>;
  };
  readonly bytes: {
    /** That clients said, counted once for each copy; that the target has acknowledged; and that it never will have. */
    readonly copied: number;
    readonly sent: number;
    readonly short: number;
    /** That wait for the target now, and at most. */
    readonly waiting: number;
    readonly mostWaiting: number;
  };
  readonly packets: {
    readonly captured: number;
    readonly sent: number;
    readonly retransmitted: number;
    readonly answers: number;
    /** Answers that belong to no copy: of another address, or too late. */
    readonly strays: number;
    /** Of the target, that went on towards clients. */
    readonly leaked: number;
  };
  /** Connections that were made again after the target had closed. */
  readonly reopened: number;
  /** Times that the target did not answer in time what the online server had answered. */
  readonly unanswered: number;
}

/** A mirror in the record of a run: the last that was heard of it. */
export interface MirrorRecord {
  readonly name: string;
  readonly online: string;
  readonly target: string;
  readonly assistant: string;
  readonly statistics: MirrorStatistics;
  /** Of a mirror that compares. */
  readonly comparison: CompareStatistics | null;
}

/** What a mirror says while it runs. Times are microseconds since the epoch. */
export type MirrorNews =
  | {
      readonly kind: 'opened';
      readonly time: number;
      /** Of the mirror, counted from 1; copies of one session have one each. */
      readonly copy: number;
      /** Addresses with their ports, as `10.0.0.1:40000` or `[fd00::1]:40000`: at the online server, and at the target. */
      readonly client: string;
      readonly as: string;
      /** Whether its beginning was seen. */
      readonly isWhole: boolean;
    }
  /** A copy ends before its client, which may go on to say what the target will not have: how much, is told when it ends. */
  | {
      readonly kind: 'failed';
      readonly time: number;
      readonly copy: number;
      readonly ending: CopyEnding;
      readonly detail: string;
    }
  | ({ readonly kind: 'ended'; readonly time: number; readonly copy: number } & CopyOutcome)
  | {
      readonly kind: 'refused';
      readonly time: number;
      readonly client: string;
      readonly cause: RefusalCause;
    };

export interface CopyOutcome {
  readonly ending: CopyEnding;
  /** More about it, or empty. */
  readonly detail: string;
  /** Bytes that the client said, as far as its packets show; that the target acknowledged; the difference. */
  readonly copied: number;
  readonly sent: number;
  readonly short: number;
  readonly reopened: number;
  readonly retransmitted: number;
  readonly unanswered: number;
}
