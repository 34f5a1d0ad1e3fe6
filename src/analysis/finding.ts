import type { Cause, Proof } from '../model/verdict.ts';
import type { AlignedFlow } from './aligned.ts';

/** One thing that a detector saw happen to a connection. */
export interface Finding {
  readonly cause: Cause;
  /** The node that did it, as far as the captures tell. */
  readonly by: string | null;
  /** When it took effect: microseconds since the epoch. */
  readonly time: number;
  /** One line for people. */
  readonly summary: string;
  readonly proof: readonly Proof[];
}

export type Detector = (flow: AlignedFlow) => Finding | null;

/** What an attempt came to, as far as it tells which causes can explain it. */
export type Outcome =
  'success' | 'reset' | 'refused' | 'closed' | 'timeout' | 'unreachable' | 'content';

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  connection_reset: 'reset',
  connection_aborted: 'reset',
  network_reset: 'reset',
  connection_refused: 'refused',
  eof_error: 'closed',
  connection_already_closed: 'closed',
  generic_timeout_error: 'timeout',
  host_unreachable: 'unreachable',
  network_unreachable: 'unreachable',
  network_down: 'unreachable',
};

/** The kind of an OONI failure string; what is not about the transport is about the content. */
export const outcomeOf = (failure: string | null): Outcome =>
  failure === null ? 'success' : (OUTCOMES[failure] ?? 'content');
