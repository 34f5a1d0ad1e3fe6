/** From when until when an effect holds, microseconds since the epoch, both included. A residual block's end may move. */
export interface Term {
  readonly from: number;
  readonly until: number;
}

/** From `from` on, for as long as the flow lives. */
export const since = (from: number): Term => ({ from, until: Infinity });

export const isWithin = ({ from, until }: Term, now: number): boolean =>
  now >= from && now <= until;
