// What came by several interfaces, in the order in which it came: a censor that saw an answer before its question would judge otherwise than
// a capture of the same packets shows.

/** Where packets come from. */
export interface Ordered {
  /** When what is served next came, microseconds since the epoch; Infinity while nothing has. Absent where nobody knows: it is served first. */
  readonly nextTime?: number;
  /** Serves at most `limit` packets of what has arrived, none but the first later than `until`, and gives how many. */
  serve(limit: number, until: number): number;
}

/**
 * Serves what came to `sources` by `now`, about `batch` packets for each, and gives how many. What comes later has its turn with what comes to
 * the others meanwhile. A source always gets on by one packet, whatever the clock says.
 */
export function serveInOrder(sources: readonly Ordered[], batch: number, now: number): number {
  let served = 0;
  for (const source of sources)
    if (source.nextTime === undefined) served += source.serve(batch, now);
  for (let left = batch * sources.length; left > 0;) {
    let first: Ordered | null = null;
    let [firstTime, secondTime] = [Infinity, Infinity];
    for (const source of sources) {
      const time = source.nextTime ?? Infinity;
      if (time < firstTime) {
        secondTime = firstTime;
        [first, firstTime] = [source, time];
      } else if (time < secondTime) secondTime = time;
    }
    if (first === null || (firstTime > now && served > 0)) break;
    const count = first.serve(Math.min(left, batch), Math.min(secondTime, now));
    if (count === 0) break;
    served += count;
    left -= count;
  }
  return served;
}
