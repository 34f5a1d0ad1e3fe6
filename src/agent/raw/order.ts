// What the agent's main thread and the thread of raw endpoints say to each other. Plain data: it crosses between threads.
import type { AgentFault } from '../../model/rpc.ts';
import type { PartyReport, ScriptEndpoint } from '../../model/script.ts';
import type { Hop, RawInterface } from './egress.ts';
import type { RawScript } from './raw-script.ts';

export interface RawSetup {
  /** See `SHARED`. */
  readonly shared: SharedArrayBuffer;
  /** The descriptor of the event that wakes the thread; the other side's. */
  readonly event: number;
}

/** Indexes of the shared 32-bit words: set to end the thread. */
export const SHARED = { stop: 0, words: 1 } as const;

/** A network stack in which raw endpoints are. */
export interface PlaceOrder {
  readonly node: string;
  /** Of its network namespace. It is the process's, so a thread can use it. */
  readonly namespaceFd: number;
  /** Those by which packets may come in. */
  readonly interfaces: readonly RawInterface[];
}

/** One end of a channel, which is ours. */
export interface EndOrder {
  readonly channel: number;
  /** Whether its party begins the conversation. */
  readonly isSource: boolean;
  readonly own: ScriptEndpoint;
  readonly peer: ScriptEndpoint;
  /** Whether packets for it may come from another address and port than the peer's: NAT on the way. */
  readonly isPeerHidden: boolean;
  readonly hop: Hop;
}

export interface PartyOrder {
  /** Its place in the script's. */
  readonly party: number;
  readonly place: PlaceOrder;
  readonly ends: readonly EndOrder[];
}

export type RawRequest =
  /** Before the first play of a flow. `seed` is the plan's. */
  | {
      readonly kind: 'flow';
      readonly flow: string;
      readonly script: RawScript;
      readonly seed: number;
    }
  | {
      readonly kind: 'open';
      readonly play: string;
      readonly flow: string;
      readonly attempt: number;
      readonly parties: readonly PartyOrder[];
    }
  /** `at` in microseconds since the epoch; null: now. */
  | { readonly kind: 'run'; readonly play: string; readonly at: number | null }
  /** Ends the play without a report, unless a packet of it has come. */
  | { readonly kind: 'giveUp'; readonly play: string };

export type RawReply =
  | { readonly kind: 'opened'; readonly play: string }
  | { readonly kind: 'ended'; readonly play: string; readonly reports: readonly PartyReport[] }
  | { readonly kind: 'refused'; readonly play: string; readonly fault: AgentFault }
  | {
      readonly kind: 'loss';
      readonly place: string;
      readonly count: number;
      readonly what: string;
    };
