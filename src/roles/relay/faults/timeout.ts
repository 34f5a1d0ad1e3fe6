import type { FaultKind } from '../../../model/relay.ts';
import type { FaultBehaviour } from './pipe.ts';

type Timeout = Extract<FaultKind, { readonly kind: 'timeout' }>;

/**
 * No byte passes; the session ends after a time, counted from when the fault began to hold. It also ends when its sender ends it, and when the
 * fault is taken away: what did not pass cannot be made up for.
 */
export const timeout = ({ after }: Timeout): FaultBehaviour => ({
  begin: (pipe, now) => {
    if (after > 0) pipe.endAt(now + after * 1000, 'closed-by-fault', now);
  },
  push: () => undefined,
  end: (_how, pipe, now) => pipe.leave(now),
  leave: (pipe, now) => pipe.endAt(now, 'closed-by-fault', now),
});
