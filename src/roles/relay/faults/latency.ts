import type { Random } from '../../../base/random.ts';
import type { FaultKind } from '../../../model/relay.ts';
import type { FaultBehaviour } from './pipe.ts';

type Latency = Extract<FaultKind, { readonly kind: 'latency' }>;

/** What comes leaves so much later, a uniform jitter more or less, and never before what came earlier. */
export const latency = ({ latency: delay, jitter }: Latency, random: Random): FaultBehaviour => ({
  push: (bytes, pipe, now) => {
    const drawn = jitter === 0 ? 0 : (2 * random.next() - 1) * jitter;
    pipe.sendAt(now + Math.round(Math.max(0, delay + drawn) * 1000), bytes, now);
  },
});
