import type { FaultKind } from '../../../model/relay.ts';
import type { FaultBehaviour } from './pipe.ts';

type Bandwidth = Extract<FaultKind, { readonly kind: 'bandwidth' }>;

/** Microseconds of what leaves at once: longer pieces leave in portions. */
const PORTION = 100_000;
const BITS = 8e6;

/** A wire that is busy with each byte for as long as its rate says. */
export function bandwidth({ rate }: Bandwidth): FaultBehaviour {
  const portion = Math.max(1, Math.floor((rate * PORTION) / BITS));
  let busyUntil = 0;
  return {
    push: (bytes, pipe, now) => {
      busyUntil = Math.max(busyUntil, now);
      for (let at = 0; at < bytes.length; at += portion) {
        const piece = bytes.subarray(at, at + portion);
        busyUntil += (piece.length * BITS) / rate;
        pipe.sendAt(Math.ceil(busyUntil), piece, now);
      }
    },
  };
}
