// Patterns over host names and over HTTP paths and methods, compiled so that a match costs no backtracking.

/** A test for host names: `blocked.example` is itself, `*.blocked.example` any depth below it, `*` any name. */
export function compileNames(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set<string>();
  const below = new Set<string>();
  let any = false;
  for (const pattern of patterns.map(normalizeName)) {
    if (pattern === '*') any = true;
    else if (pattern.startsWith('*.')) below.add(pattern.slice(2));
    else exact.add(pattern);
  }
  return (name) => {
    const wanted = normalizeName(name);
    if (wanted === '') return false;
    return any || exact.has(wanted) || liesBelow(wanted, below);
  };
}

/** A test for text: `*` stands for any run of characters, everything else for itself, upper and lower case apart. */
export function compileGlobs(patterns: readonly string[]): (text: string) => boolean {
  const compiled = patterns.map((pattern) => pattern.split('*'));
  return (text) => compiled.some((pieces) => matchesPieces(text, pieces));
}

/** Names are compared without case and without the dot of the root (RFC 4343, RFC 1034 section 3.1). */
export const normalizeName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

function liesBelow(name: string, zones: ReadonlySet<string>): boolean {
  if (zones.size === 0) return false;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1))
    if (zones.has(name.slice(dot + 1))) return true;
  return false;
}

/** The text between stars, in order: the first anchored at the start, the last at the end, the others leftmost. */
function matchesPieces(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces[pieces.length - 1] ?? '';
  if (pieces.length === 1) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
