// One party of a script, played by a process of its own outside any lab: what runner tells that process on its standard input,
// and what it says, one JSON object a line. The end of its input ends it.
import type { AgentFault } from './rpc.ts';
import type { PartyReport, ScriptSpec } from './script.ts';

/** The nodes of the order's script: the party that is played is at the first, the other one at the second. */
export const OWN_NODE = 'here';
export const FAR_NODE = 'there';

/** The first line of its input, and the only one. */
export interface AloneOrder {
  readonly flow: string;
  readonly seed: number;
  /** Two parties and one channel. */
  readonly spec: ScriptSpec;
  /** Milliseconds from the first play on in which further ones begin; 0: one play. */
  readonly playFor: number;
  /** Of transport `tls`. */
  readonly tls: AloneTls | null;
  /** Of transport `unix`: the socket file. */
  readonly socket: string | null;
}

/** In PEM. Null: an authority and a certificate of the process's own. */
export interface AloneTls {
  readonly trust: string | null;
  readonly credentials: { readonly key: string; readonly certificate: string } | null;
}

export type AloneNews =
  /** It can be connected to, or connects from now on. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'play'; readonly report: PartyReport }
  /** Packets that raw endpoints did not see. */
  | { readonly kind: 'loss'; readonly count: number; readonly what: string }
  | AloneEnding;

/** The last line of such a process. */
export type AloneEnding =
  /** It could not go on. */
  | { readonly kind: 'broken'; readonly fault: AgentFault }
  /** It is done. */
  | { readonly kind: 'end' };
