// Finds the flows of which many packets pass, in bounded memory: a table of one counter a place, which the busier of two flows keeps.
import { type FlowKey, carriedTransport, flowHash, readFlowKey } from './flow-key.ts';

const PLACES = 4096;
/** Microseconds after which counting begins anew. */
const WINDOW = 1e6;

export class BusyFlows {
  readonly #hashes: Int32Array = new Int32Array(PLACES);
  readonly #counts: Int32Array = new Int32Array(PLACES);
  readonly #threshold: number;
  #begun = 0;

  /** `threshold`: packets within a second, of both directions, that make a flow busy. */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Counts a packet, and gives its flow when it has just become busy. */
  note(memory: Uint8Array, start: number, end: number, now: number): FlowKey | null {
    const transport = carriedTransport(memory, start, end);
    if (transport < 0) return null;
    if (now - this.#begun > WINDOW) {
      this.#counts.fill(0);
      this.#begun = now;
    }
    const hash = flowHash(memory, start, transport);
    const place = hash >>> 20;
    const count = this.#counts[place] ?? 0;
    if (this.#hashes[place] !== hash) {
      this.#counts[place] = Math.max(0, count - 1);
      if (count <= 1) this.#hashes[place] = hash;
      return null;
    }
    this.#counts[place] = count + 1;
    return count + 1 === this.#threshold ? readFlowKey(memory, start, transport) : null;
  }
}
