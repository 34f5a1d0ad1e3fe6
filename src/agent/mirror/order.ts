// What a thread of a mirror is told when it starts, and what it says. Plain data: it crosses between threads.
import type { CompareStatistics } from '../../model/mirror-compare.ts';
import type { MirrorNews, MirrorStatistics } from '../../model/mirror-record.ts';
import type { PlanMirror } from '../../model/mirror.ts';
import type { AgentFault } from '../../model/rpc.ts';
import type { Hop, RawInterface } from '../raw/egress.ts';

/** In the network namespace of one node. */
export interface MirrorOrder {
  readonly namespaceFd: number;
  readonly part: OnlineOrder | AssistantOrder | StreamOrder;
  /** See `SHARED`. */
  readonly shared: SharedArrayBuffer;
  /** What others wake the thread with. */
  readonly event: number;
}

/** At the online server: the mirror itself. */
export interface OnlineOrder {
  readonly kind: 'online';
  readonly plan: PlanMirror;
  readonly seed: number;
  /** By which clients may come. */
  readonly interfaces: readonly RawInterface[];
  /** To the target, by family. */
  readonly hops: readonly { readonly family: 4 | 6; readonly hop: Hop }[];
  /** Where the assistant is heard. */
  readonly answersPort: number;
  /** The file whose clients are copied, absolute; null: those who come. */
  readonly capture: string | null;
  /** Of the hook, by user. */
  readonly passwords: Readonly<Record<string, string>>;
}

/** At the assistant: what takes the target's answers and hands them on. */
export interface AssistantOrder {
  readonly kind: 'assistant';
  readonly plan: PlanMirror;
  readonly interfaces: readonly RawInterface[];
  /** Where the mirror hears it: any of them will do. */
  readonly mirrorAt: readonly string[];
  readonly answersPort: number;
}

/** At the online server, in stream mode: what carries its clients' connections. */
export interface StreamOrder {
  readonly kind: 'stream';
  readonly plan: PlanMirror;
  readonly seed: number;
  /** To which they are diverted. */
  readonly port: number;
}

/**
 * Indexes of the shared 32-bit words: set to end the thread; set to have it take no more of clients and say what it has; how many news the other
 * side has taken; set to have the clients of a capture begin.
 */
export const SHARED = { stop: 0, drain: 1, taken: 2, play: 3, words: 4 } as const;

export type MirrorReply =
  /** It sees packets, and is heard. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'fault'; readonly fault: AgentFault }
  | { readonly kind: 'news'; readonly news: readonly MirrorNews[] }
  /** Something that is of the log alone. */
  | { readonly kind: 'note'; readonly text: string }
  /** Once a second while something changes, and at the end. */
  | { readonly kind: 'statistics'; readonly statistics: MirrorFigures }
  | { readonly kind: 'loss'; readonly count: number; readonly what: string }
  /** Nothing waits for the target any more, or it has had its time. */
  | { readonly kind: 'drained' };

export interface MirrorFigures {
  readonly statistics: MirrorStatistics;
  /** Of a mirror that compares. */
  readonly comparison: CompareStatistics | null;
}
