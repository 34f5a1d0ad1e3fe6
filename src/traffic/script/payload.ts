// The bytes that payloads of a plan stand for, worked out once however many plays share them.
import { unreachable } from '../../base/invariant.ts';
import { seededRandom } from '../../base/random.ts';
import type { Instruction, Payload } from '../../model/script.ts';
import { fromLatin1 } from '../../wire/bytes.ts';

/** A payload that is known before the script plays. */
export type StaticPayload = Exclude<Payload, { kind: 'template' }>;

/** Bytes that are kept for the next play; what is beyond is worked out again each time. */
const KEPT_BYTES = 67_108_864;

/** Worked out before a play: a fraction of a second. */
const PREPARED_BYTES = 8_388_608;

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
  /** Works out what a program sends and waits for, as far as it is kept: before the play, so that nothing leaves late for it. */
  prepare(program: readonly Instruction[]): void;
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
  const prepared = new WeakSet<readonly Instruction[]>();
  const bytesOf = (payload: StaticPayload): Uint8Array => {
    const known = decoded.get(payload);
    if (known) return known;
    const bytes = decodePayload(payload, seed);
    if (kept + bytes.length <= KEPT_BYTES) {
      kept += bytes.length;
      decoded.set(payload, bytes);
    }
    return bytes;
  };
  return {
    bytes: bytesOf,
    prepare: (program) => {
      if (prepared.has(program)) return;
      prepared.add(program);
      for (const instruction of program) {
        if (kept >= PREPARED_BYTES) return;
        const payload = payloadIn(instruction);
        if (payload && payload.kind !== 'template') bytesOf(payload);
      }
    },
  };
}

function payloadIn(instruction: Instruction): Payload | null {
  if (instruction.op === 'send' || instruction.op === 'craft') return instruction.payload;
  if (instruction.op !== 'arrive' || instruction.what.kind !== 'data') return null;
  return instruction.what.payload;
}
