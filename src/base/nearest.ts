/** The known word fewest edits away, at most about a third of its length; the first of equals. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const sought = word.toLowerCase();
  let limit = Math.floor((word.length + 1) / 3) + 1;
  let best: string | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= limit) continue;
    const distance = editDistance(sought, candidate.toLowerCase(), limit);
    if (distance >= limit) continue;
    limit = distance;
    best = candidate;
    if (limit === 0) break;
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), or `limit` if not fewer. */
function editDistance(left: string, right: string, limit: number): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      line.push(cost);
    }
    if (Math.min(...line) >= limit) return limit;
    before = above;
    above = line;
  }
  return above[right.length] ?? limit;
}
