import { invariant } from '../../base/invariant.ts';

/** Bytes that came and that nothing has read yet, in the pieces in which they came. */
export interface Inbox {
  readonly length: number;
  push(bytes: Uint8Array): void;
  /** The first bytes, which then are gone. */
  take(count: number): Uint8Array;
  /** The same without a copy. */
  drop(count: number): void;
  /** The pieces from `offset` on. */
  from(offset: number): Uint8Array[];
}

/** Pieces that were read are cleared away in lots of this many. */
const LOT = 1024;

export function createInbox(): Inbox {
  let pieces: Uint8Array[] = [];
  /** The first piece that is not read to its end, and how much of it is. */
  let head = 0;
  let read = 0;
  let length = 0;

  const walk = (count: number, visit: (piece: Uint8Array, at: number) => void): void => {
    invariant(count <= length, 'No more is read than came');
    for (let at = 0; at < count;) {
      const piece = pieces[head];
      invariant(piece, 'The pieces make up the length');
      const end = Math.min(piece.length, read + count - at);
      visit(piece.subarray(read, end), at);
      at += end - read;
      read = end;
      if (read === piece.length) {
        head += 1;
        read = 0;
      }
    }
    length -= count;
    if (head < LOT) return;
    pieces = pieces.slice(head);
    head = 0;
  };
  return {
    get length() {
      return length;
    },
    push: (bytes) => {
      if (bytes.length === 0) return;
      pieces.push(bytes);
      length += bytes.length;
    },
    take: (count) => {
      const whole = new Uint8Array(count);
      walk(count, (piece, at) => whole.set(piece, at));
      return whole;
    },
    drop: (count) => walk(count, () => undefined),
    // Backwards: what is asked for is what came last.
    from: (offset) => {
      const found: Uint8Array[] = [];
      let start = length;
      for (let index = pieces.length - 1; index >= head && start > offset; index -= 1) {
        const whole = pieces[index];
        invariant(whole, 'The pieces make up the length');
        const piece = index === head ? whole.subarray(read) : whole;
        start -= piece.length;
        found.push(start < offset ? piece.subarray(offset - start) : piece);
      }
      return found.reverse();
    },
  };
}
