import type { FaultKind } from '../../../model/relay.ts';
import type { FaultBehaviour } from './pipe.ts';

type SlowClose = Extract<FaultKind, { readonly kind: 'slow-close' }>;

/** Bytes pass at once, the end of the stream later. */
export const slowClose = ({ delay }: SlowClose): FaultBehaviour => ({
  push: (bytes, pipe, now) => pipe.sendAt(now, bytes, now),
  end: (how, pipe, now) => pipe.endAt(now + delay * 1000, how, now),
});
