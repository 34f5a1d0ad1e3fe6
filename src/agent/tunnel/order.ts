// What a migration's thread is told when it starts and while it runs, and what it says. Plain data: it crosses between threads.
import type { AgentFault } from '../../model/rpc.ts';
import type { Migration, TunnelSwitch } from '../../model/tunnel.ts';

export interface MigrationOrder {
  readonly tunnel: string;
  readonly migration: Migration;
  readonly seed: number;
  /** The client's namespace. */
  readonly namespaceFd: number;
  /** Indexes of the interfaces there whose packets are counted: the tunnel's own, or those of a bundle. */
  readonly counted: readonly number[];
  readonly carriers: readonly Carrier[];
  /** See `SHARED`. */
  readonly shared: SharedArrayBuffer;
}

/** A tunnel of `over`, and the index of its interface. */
export interface Carrier {
  readonly tunnel: string;
  readonly interface: number;
}

/** Indexes of the shared 32-bit words: how often the thread was woken, on which it waits; set to end it. */
export const SHARED = { wakes: 0, stop: 1, words: 2 } as const;

/** Answered by a reply of the same id. */
export interface MigrationCommand {
  readonly id: number;
  readonly change: MigrationChange;
}

export type MigrationChange =
  | { readonly kind: 'migrate'; readonly enabled: boolean }
  /** By its place among the carriers. */
  | { readonly kind: 'switch'; readonly path: number };

export type MigrationReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly fault?: AgentFault }
  | ({ readonly kind: 'switch' } & TunnelSwitch)
  | { readonly kind: 'fault'; readonly fault: AgentFault };
