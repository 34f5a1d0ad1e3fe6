// What the packet thread is told when it starts, and what it says. Plain data: it crosses between threads.
import type { CensorEvent } from '../../model/middlebox.ts';
import type { Plan } from '../../model/plan.ts';
import type { ProgramWord } from './program/control-line.ts';
import type { AgentFault } from '../../model/rpc.ts';
import type { CensorStatistics } from '../../model/censor-statistics.ts';
import type { PathStatistics } from '../../model/path-statistics.ts';
import type { CensorChange } from '../../model/traffic.ts';
import type { InterceptionNews, InterceptionWish } from '../../roles/intercept/words.ts';

export interface PacketOrder {
  readonly plan: Plan;
  /** Networks that our switch carries. */
  readonly segments: readonly string[];
  /** Namespace descriptors; null is the lab's own segment. They are the process's, so a thread can use them. */
  readonly namespaces: readonly (readonly [node: string | null, fd: number])[];
  /** Censors with a program, and where the thread hears of it. */
  readonly programs: readonly (readonly [censor: string, controlFd: number])[];
  /** Both sides' counters: see `SHARED`. */
  readonly shared: SharedArrayBuffer;
  /** The descriptor of the event that wakes the thread; the other side's. */
  readonly event: number;
}

/**
 * Indexes of the shared 32-bit words: set to end the thread; how many events the other side has taken; how many messages it has
 * posted. The thread blocks outside of JavaScript, so it looks for messages only when this says that there are some.
 */
export const SHARED = { stop: 0, taken: 1, messages: 2, words: 3 } as const;

/** What the thread is told while it runs. */
export type PacketMessage =
  | ({ readonly kind: 'command' } & PacketCommand)
  | { readonly kind: 'interception'; readonly wishes: readonly InterceptionWish[] };

/** Said to the thread while it runs; answered by a reply of the same id. */
export interface PacketCommand {
  readonly id: number;
  readonly censor: string;
  readonly change: CensorChange;
}

export interface CensorReport {
  readonly censor: string;
  readonly on: readonly string[];
  readonly statistics: CensorStatistics;
  readonly path: PathStatistics;
}

export interface TimedCensorEvent extends CensorEvent {
  readonly time: number;
  readonly node: string;
}

export type PacketReply =
  /** Every ring sees packets. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'fault'; readonly fault: AgentFault }
  | { readonly kind: 'events'; readonly events: readonly TimedCensorEvent[] }
  | { readonly kind: 'loss'; readonly loss: Loss }
  /** Every packet from now on meets the censor as it was told to be. */
  | { readonly kind: 'changed'; readonly id: number; readonly fault?: AgentFault }
  | { readonly kind: 'interception'; readonly news: readonly InterceptionNews[] }
  /** Once a second, while packets come. */
  | { readonly kind: 'statistics'; readonly reports: readonly CensorReport[] }
  | ({ readonly kind: 'program' } & ProgramWord);

/** Packets that were lost on the way. */
export interface Loss {
  /** A node, a network, or `lab`. */
  readonly place: string;
  readonly count: number;
  readonly what: string;
  /** Whether the scenario asks for such losses. */
  readonly isDeclared: boolean;
}
