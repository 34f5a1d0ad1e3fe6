import { concatBytes } from '../../../../wire/bytes.ts';

/** Puts `replacement` in place of every occurrence of `sought`, which is not empty; the same array when there is none. */
export function replaceBytes(
  bytes: Uint8Array,
  sought: Uint8Array,
  replacement: Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (let at = findBytes(bytes, sought, 0); at >= 0; at = findBytes(bytes, sought, kept)) {
    parts.push(bytes.subarray(kept, at), replacement);
    kept = at + sought.length;
  }
  return parts.length === 0 ? bytes : concatBytes(...parts, bytes.subarray(kept));
}

function findBytes(bytes: Uint8Array, sought: Uint8Array, from: number): number {
  const [first] = sought;
  if (first === undefined) return -1;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + sought.length > bytes.length) return -1;
    if (sought.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
