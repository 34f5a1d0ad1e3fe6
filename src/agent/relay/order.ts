// What the relay's thread is told when it starts and while it runs, and what it says. Plain data: it crosses between threads.
import type { MessagePort } from 'node:worker_threads';
import type { RelayFault, RelaySpec, RelayStatistics } from '../../model/relay.ts';
import type { AgentFault } from '../../model/rpc.ts';
import type { RelayNews, RelaySessionView } from '../../model/relay-news.ts';

export interface RelayOrder {
  readonly spec: RelaySpec;
  readonly seed: number;
  readonly wanted: WantedReports;
  /** Addresses of a name that is listened on; empty for what is no name. */
  readonly listenOn: readonly string[];
  /** The namespace that its sockets are in; null: the one that the process is in. */
  readonly namespaceFd: number | null;
  /** To each thread that processes messages. */
  readonly workers: readonly MessagePort[];
  /** Both sides' counters: see `SHARED`. */
  readonly shared: SharedArrayBuffer;
  /** What others wake the thread with. */
  readonly event: number;
}

/** What somebody wants to hear; findings and losses are always told. */
export interface WantedReports {
  readonly audits: boolean;
  /** That sessions open and close, and notes on them. */
  readonly sessions: boolean;
}

/**
 * Indexes of the shared 32-bit words: set to end the thread; how many messages the other side has posted; how many records it has
 * taken; outcomes that the workers have posted. The thread blocks outside of JavaScript, so it looks for messages only when these
 * say that there are some.
 */
export const SHARED = { stop: 0, messages: 1, taken: 2, outcomes: 3, words: 4 } as const;

/** What the thread is told while it runs. */
export type RelayMessage =
  | {
      readonly kind: 'addresses';
      readonly ticket: number;
      readonly addresses: readonly string[];
      /** Why there are none; empty: there are. */
      readonly failure: string;
    }
  | ({ readonly kind: 'command' } & RelayCommand);

/** Answered by a reply of the same id. */
export interface RelayCommand {
  readonly id: number;
  readonly change: RelayChange;
}

export type RelayChange =
  /** All faults, as they are from now on, for sessions under way as well. */
  | { readonly kind: 'faults'; readonly faults: readonly RelayFault[] }
  | { readonly kind: 'rule'; readonly name: string; readonly isEnabled: boolean }
  /** Off: nothing is listened on, and all sessions end. */
  | { readonly kind: 'relay'; readonly isEnabled: boolean }
  | { readonly kind: 'reset-session'; readonly session: number }
  | { readonly kind: 'sessions' }
  | { readonly kind: 'statistics' };

export interface RelayAnswer {
  readonly sessions?: readonly RelaySessionView[];
  readonly statistics?: RelayStatistics;
  /** Of a session that there is not. */
  readonly isMissing?: true;
}

export type RelayReply =
  /** It accepts. */
  | { readonly kind: 'ready'; readonly listening: readonly string[] }
  | { readonly kind: 'fault'; readonly fault: AgentFault }
  | { readonly kind: 'lookup'; readonly ticket: number; readonly host: string }
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly answer: RelayAnswer;
      readonly fault?: AgentFault;
    }
  /** Lines of the audit log; `records` of them. */
  | { readonly kind: 'audit'; readonly text: string; readonly records: number }
  | { readonly kind: 'news'; readonly news: readonly RelayNews[] }
  /** Once a second while something changes, and at the end. */
  | { readonly kind: 'statistics'; readonly statistics: RelayStatistics }
  /** Audit records and news that could not be taken. */
  | { readonly kind: 'loss'; readonly count: number; readonly what: string };
