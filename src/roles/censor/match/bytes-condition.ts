import type { BytesCondition } from '../../../model/censor-match.ts';
import type { Look } from './look.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

/** Whether the payload has any of the values at its place, or anywhere. */
export function compileBytes({ values, at }: BytesCondition): (look: Look) => Truth {
  const wanted = values.map(fromHex);
  return ({ view: { memory, payloadStart, payloadEnd } }) => {
    if (payloadStart >= payloadEnd) return UNKNOWN;
    for (const bytes of wanted) {
      const last = payloadEnd - bytes.length;
      const from = payloadStart + (at ?? 0);
      const to = at === null ? last : Math.min(last, from);
      if (findBytes(memory, from, to, bytes)) return TRUE;
    }
    return FALSE;
  };
}

/** Whether they lie at any offset from `from` to `to`, both included. */
function findBytes(memory: Uint8Array, from: number, to: number, bytes: Uint8Array): boolean {
  const first = bytes[0];
  for (let at = from; at <= to; at += 1) {
    if (memory[at] !== first) continue;
    let index = 1;
    while (index < bytes.length && memory[at + index] === bytes[index]) index += 1;
    if (index >= bytes.length) return true;
  }
  return false;
}

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
