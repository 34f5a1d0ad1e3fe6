/** Bytes in place of others: `remove` of them from `at` on. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly bytes: Uint8Array;
}

/** Splices do not overlap; those at the same place keep their order. */
export function spliced(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array {
  const sorted = splices
    .map((splice, order) => ({ ...splice, order }))
    .sort((left, right) => left.at - right.at || left.order - right.order);
  const growth = sorted.reduce((sum, splice) => sum + splice.bytes.length - splice.remove, 0);
  const whole = new Uint8Array(bytes.length + growth);
  let from = 0;
  let to = 0;
  for (const splice of sorted) {
    whole.set(bytes.subarray(from, splice.at), to);
    to += splice.at - from;
    whole.set(splice.bytes, to);
    to += splice.bytes.length;
    from = splice.at + splice.remove;
  }
  whole.set(bytes.subarray(from), to);
  return whole;
}

/** What turns one into the other, without the bytes that both begin and end with. */
export function difference(before: Uint8Array, after: Uint8Array): Splice {
  const least = Math.min(before.length, after.length);
  let head = 0;
  while (head < least && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < least - head && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail += 1;
  const bytes = after.subarray(head, after.length - tail);
  return { at: head, remove: before.length - head - tail, bytes };
}
