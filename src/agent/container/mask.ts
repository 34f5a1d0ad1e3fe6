// Masks secrets in a stream of bytes, wherever its chunks end.

export interface Mask {
  /** What may be shown of all bytes so far; the beginning of what may be a secret is held back. */
  push(chunk: Uint8Array): Uint8Array;
  /** What was held back; nothing comes after. */
  rest(): Uint8Array;
}

const MASKED = Buffer.from('***');

/** Replaces each of `secrets` by `***`; where two begin at one place, the longer. Empty ones do not count. */
export function createMask(secrets: readonly string[]): Mask {
  const needles = [...new Set(secrets)]
    .filter((secret) => secret !== '')
    .map((secret) => Buffer.from(secret))
    .sort((left, right) => right.length - left.length);
  const longest = needles[0]?.length ?? 0;
  if (longest === 0) return { push: (chunk) => chunk, rest: () => new Uint8Array() };
  let pending: Buffer = Buffer.alloc(0);
  const show = (held: number): Uint8Array => {
    const parts: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const found = firstNeedle(pending, needles, at);
      if (!found || found.start >= held) break;
      parts.push(pending.subarray(at, found.start), MASKED);
      at = found.start + found.length;
    }
    const end = Math.max(at, held);
    parts.push(pending.subarray(at, end));
    pending = pending.subarray(end);
    return Buffer.concat(parts);
  };
  return {
    push: (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      return show(firstBeginning(pending, needles, longest));
    },
    rest: () => show(pending.length),
  };
}

function firstNeedle(
  bytes: Buffer,
  needles: readonly Buffer[],
  from: number,
): { readonly start: number; readonly length: number } | undefined {
  let first: { start: number; length: number } | undefined;
  for (const needle of needles) {
    const start = bytes.indexOf(needle, from);
    if (start >= 0 && (!first || start < first.start)) first = { start, length: needle.length };
  }
  return first;
}

/** Where the first tail begins that more bytes could turn into a needle. */
function firstBeginning(bytes: Buffer, needles: readonly Buffer[], longest: number): number {
  for (let start = Math.max(0, bytes.length - longest + 1); start < bytes.length; start += 1) {
    const tail = bytes.subarray(start);
    if (
      needles.some(
        (needle) => needle.length > tail.length && needle.subarray(0, tail.length).equals(tail),
      )
    )
      return start;
  }
  return bytes.length;
}
