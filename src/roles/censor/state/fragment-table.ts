// Later fragments carry no ports: they share the fate of their first (RFC 791 section 3.2, RFC 8200 section 4.5).
import type { Disposition } from '../../../model/middlebox.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { fragmentKey } from '../../reassembly/fragment-key.ts';

const CAPACITY = 1024;
/** Microseconds that a datagram may take to arrive whole: Linux waits 30 s. */
const LIFETIME = 30e6;

export class FragmentTable {
  readonly #fates = new Map<
    string,
    { readonly disposition: Disposition; readonly until: number }
  >();

  /** Remembers what became of a datagram's first fragment. */
  remember(view: PacketView, disposition: Disposition, now: number): void {
    const key = fragmentKey(view);
    this.#fates.delete(key);
    this.#fates.set(key, { disposition, until: now + LIFETIME });
    if (this.#fates.size <= CAPACITY) return;
    const [oldest] = this.#fates.keys();
    if (oldest !== undefined) this.#fates.delete(oldest);
  }

  /** What became of the first fragment of this one's datagram, or null when it was not seen. */
  recall(view: PacketView, now: number): Disposition | null {
    const fate = this.#fates.get(fragmentKey(view));
    return fate === undefined || now > fate.until ? null : fate.disposition;
  }
}
