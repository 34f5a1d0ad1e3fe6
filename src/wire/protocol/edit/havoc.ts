import type { Random } from '../../../base/random.ts';

/** Bytes that one insertion or deletion has at most. */
const MOST = 8;
/** Values at which readers of bytes go wrong. */
const NOTABLE = [0x00, 0x01, 0x7f, 0x80, 0xff] as const;

/** So many random edits: flips, overwrites, insertions and deletions. */
export function havoc(bytes: Uint8Array, edits: number, random: Random): Uint8Array {
  let changed = [...bytes];
  for (let edit = 0; edit < edits; edit += 1) {
    const at = random.below(changed.length + 1);
    const kind = changed.length === 0 ? 2 : random.below(4);
    const place = Math.min(at, changed.length - 1);
    if (kind === 0) changed[place] = (changed[place] ?? 0) ^ (1 << random.below(8));
    else if (kind === 1) changed[place] = notable(random);
    else if (kind === 2) {
      const inserted = random.bytes(1 + random.below(MOST));
      changed = [...changed.slice(0, at), ...inserted, ...changed.slice(at)];
    } else changed.splice(place, 1 + random.below(MOST));
  }
  return Uint8Array.from(changed);
}

const notable = (random: Random): number =>
  NOTABLE[random.below(NOTABLE.length * 2)] ?? random.below(256);
