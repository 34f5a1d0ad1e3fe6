// Patterns in which `*` stands for any run of characters, very many at once: each is found by four characters of its longest piece of
// text, so that a text is compared only with patterns of which it holds some.

/** Characters by which a pattern is found; those with no piece as long are tried for every text. */
const GRAM = 4;

interface Glob {
  /** The text between stars. */
  readonly pieces: readonly string[];
  readonly id: number;
}

export class GlobIndex {
  size = 0;
  readonly #byGram = new Map<number, Glob[]>();
  readonly #short: Glob[] = [];

  /** `id` is what `find` gives for texts that the pattern matches. Characters are below 256. */
  add(pattern: string, id: number): void {
    this.size += 1;
    const pieces = pattern.split('*');
    const longest = pieces.reduce((best, piece) => (piece.length > best.length ? piece : best));
    const glob = { pieces, id };
    if (longest.length < GRAM) {
      this.#short.push(glob);
      return;
    }
    // From the end of the piece: beginnings such as "www." are common to many.
    const gram = gramAt(longest, longest.length - GRAM);
    const others = this.#byGram.get(gram);
    if (others === undefined) this.#byGram.set(gram, [glob]);
    else others.push(glob);
  }

  /** Calls `found` with the id of each pattern that matches; of one pattern perhaps more than once. */
  find(text: string, found: (id: number) => void): void {
    if (this.size === 0) return;
    for (const { pieces, id } of this.#short) if (matchesPieces(text, pieces)) found(id);
    if (this.#byGram.size === 0) return;
    for (let at = 0; at + GRAM <= text.length; at += 1) {
      const globs = this.#byGram.get(gramAt(text, at));
      if (globs === undefined) continue;
      for (const { pieces, id } of globs) if (matchesPieces(text, pieces)) found(id);
    }
  }
}

const gramAt = (text: string, at: number): number =>
  (text.charCodeAt(at) << 24) ^
  (text.charCodeAt(at + 1) << 16) ^
  (text.charCodeAt(at + 2) << 8) ^
  text.charCodeAt(at + 3);

/** The text between stars, in order: the first anchored at the start, the last at the end, the others leftmost. */
export function matchesPieces(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces[pieces.length - 1] ?? '';
  if (pieces.length === 1) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (let index = 1; index < pieces.length - 1; index += 1) {
    const piece = pieces[index] ?? '';
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
