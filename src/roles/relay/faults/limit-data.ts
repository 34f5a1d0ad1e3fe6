import type { FaultKind } from '../../../model/relay.ts';
import type { FaultBehaviour } from './pipe.ts';

type LimitData = Extract<FaultKind, { readonly kind: 'limit-data' }>;

/** So many bytes pass, and with the last of them the session ends. */
export function limitData({ bytes: limit }: LimitData): FaultBehaviour {
  let left = limit;
  return {
    push: (bytes, pipe, now) => {
      const passing = bytes.subarray(0, left);
      left -= passing.length;
      if (passing.length > 0) pipe.sendAt(now, passing, now);
      if (left <= 0) pipe.endAt(now, 'closed-by-fault', now);
    },
  };
}
