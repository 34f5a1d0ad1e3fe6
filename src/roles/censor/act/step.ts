/** What `admit` says of a packet that may not pass at all. */
export const REFUSED = -1;

/** Something that packets of one direction pass through: it refuses some, or holds them back. */
export interface Step {
  /** When a packet of `length` bytes that comes at `now` (microseconds) leaves: `now`, later, or `REFUSED`. */
  admit(length: number, now: number): number;
}
