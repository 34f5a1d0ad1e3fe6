// The bytes that payloads of a plan stand for, worked out once however many plays share them.
import { unreachable } from '../../base/invariant.ts';
import { seededRandom } from '../../base/random.ts';
import type { Payload } from '../../model/script.ts';
import { fromLatin1 } from '../../wire/bytes.ts';

/** A payload that is known before the script plays. */
export type StaticPayload = Exclude<Payload, { kind: 'template' }>;

/** Bytes that are kept for the next play; what is beyond is worked out again each time. */
const KEPT_BYTES = 67_108_864;

const encoder = new TextEncoder();

/** The bytes of a payload; `seed` is the plan's. */
export function decodePayload(payload: StaticPayload, seed: number): Uint8Array {
  switch (payload.kind) {
    case 'text':
      return encoder.encode(payload.text);
    case 'base64':
      return fromLatin1(atob(payload.base64));
    case 'random':
      return seededRandom(seed, payload.name).bytes(payload.size);
    default:
      return unreachable(payload, 'payload');
  }
}

/** What `decodePayload` gave, by payload, for one seed. */
export interface PayloadStore {
  bytes(payload: StaticPayload): Uint8Array;
}

const stores = new Map<number, PayloadStore>();

/** The store of a seed. Bytes are forgotten with the plan that their payloads are of. */
export function payloadStore(seed: number): PayloadStore {
  const known = stores.get(seed);
  if (known) return known;
  const store = createStore(seed);
  stores.set(seed, store);
  return store;
}

function createStore(seed: number): PayloadStore {
  const decoded = new WeakMap<StaticPayload, Uint8Array>();
  let kept = 0;
  return {
    bytes: (payload) => {
      const known = decoded.get(payload);
      if (known) return known;
      const bytes = decodePayload(payload, seed);
      if (kept + bytes.length <= KEPT_BYTES) {
        kept += bytes.length;
        decoded.set(payload, bytes);
      }
      return bytes;
    },
  };
}
