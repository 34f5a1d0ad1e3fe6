// RSTs and FINs that count for all flows between two addresses, whatever their ports. Flows learn of them when they are met next, so
// that one packet costs the same however many flows there are.
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';

const CAPACITY = 65_536;
const { RST, FIN } = TCP_FLAG;

/** What is kept with a flow: how many controls there were when it last looked. */
interface Looking {
  controlEpoch: number;
}

/** The epochs of the last of each between two addresses; 0: there was none. */
interface Seen {
  readonly rst: number;
  readonly fin: number;
}

export class ControlTable {
  epoch = 0;
  readonly #seen = new Map<string, Seen>();

  /** An RST or FIN was seen. Anything else changes nothing. */
  note(view: PacketView): void {
    const isRst = (view.flags & RST) !== 0;
    const isFin = (view.flags & FIN) !== 0;
    if (!isRst && !isFin) return;
    this.epoch += 1;
    const key = keyOf(view);
    const before = this.#seen.get(key);
    this.#seen.delete(key);
    this.#seen.set(key, {
      rst: isRst ? this.epoch : (before?.rst ?? 0),
      fin: isFin ? this.epoch : (before?.fin ?? 0),
    });
    if (this.#seen.size <= CAPACITY) return;
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined) this.#seen.delete(oldest);
  }

  /** Which of RST and FIN, as flags, the flow of a packet has not met yet. It has then. */
  take(flow: Looking, view: PacketView): number {
    const since = flow.controlEpoch;
    if (since === this.epoch) return 0;
    flow.controlEpoch = this.epoch;
    const seen = this.#seen.get(keyOf(view));
    if (seen === undefined) return 0;
    return (seen.rst > since ? RST : 0) | (seen.fin > since ? FIN : 0);
  }
}

/** Both addresses, the same for both directions. */
function keyOf({ memory, sourceOffset, destinationOffset, addressLength }: PacketView): string {
  const source = memory.subarray(sourceOffset, sourceOffset + addressLength).join('.');
  const destination = memory
    .subarray(destinationOffset, destinationOffset + addressLength)
    .join('.');
  return source < destination ? `${source}|${destination}` : `${destination}|${source}`;
}
