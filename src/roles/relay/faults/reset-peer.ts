import type { FaultKind } from '../../../model/relay.ts';
import type { FaultBehaviour, Pipe } from './pipe.ts';

type ResetPeer = Extract<FaultKind, { readonly kind: 'reset-peer' }>;

/** The first that comes, bytes or an end, ends the session by RST after a time; nothing passes. */
export function resetPeer({ after }: ResetPeer): FaultBehaviour {
  let isBegun = false;
  const strike = (pipe: Pipe, now: number): void => {
    if (isBegun) return;
    isBegun = true;
    pipe.endAt(now + after * 1000, 'reset-by-fault', now);
  };
  return {
    push: (_bytes, pipe, now) => strike(pipe, now),
    end: (_how, pipe, now) => strike(pipe, now),
  };
}
