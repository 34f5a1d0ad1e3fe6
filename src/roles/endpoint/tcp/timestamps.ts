// The timestamps of one connection: RFC 7323 sections 3 to 5. They count milliseconds, from an offset that the seed decides.
import { sequenceDistance } from '../../../wire/tcp.ts';

const MICROS_PER_TICK = 1000;

export class Timestamps {
  /** Whether both sides offered them. */
  enabled = false;
  /** TS.Recent: what we echo. */
  recent = 0;
  #offset: number;

  constructor(offset: number) {
    this.#offset = offset;
  }

  /** TSval at `now`. */
  value(now: number): number {
    return (Math.floor(now / MICROS_PER_TICK) + this.#offset) >>> 0;
  }

  /** Counts on from what a peer has seen already, so that it takes what follows for newer. */
  goOn(value: number, now: number): void {
    this.#offset = (value - Math.floor(now / MICROS_PER_TICK)) >>> 0;
  }

  /** "Protection Against Wrapped Sequences" (section 5.3 R1): an older value than the last is a duplicate's. */
  isOld(value: number): boolean {
    return sequenceDistance(value, this.recent) < 0;
  }

  /** Takes the value of a segment that covers what was acknowledged last (section 4.3 rule 2). */
  note(value: number, sequence: number, lastAcknowledged: number): void {
    if (!this.isOld(value) && sequenceDistance(sequence, lastAcknowledged) <= 0)
      this.recent = value;
  }

  /** The round trip of what is echoed, in microseconds. */
  roundTrip(echo: number, now: number): number {
    return Math.max(0, sequenceDistance(this.value(now), echo)) * MICROS_PER_TICK;
  }
}
