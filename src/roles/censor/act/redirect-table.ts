// Who stands behind whom: redirected flows by how their answers arrive. Bounded; the flow that was redirected first is forgotten first.
import { type IpAddress, formatIp } from '../../../base/addresses.ts';
import { readI32 } from '../../../wire/bytes.ts';
import { PacketView } from '../../../wire/packet.ts';
import { rewritePacket } from '../../../wire/rewrite.ts';

const CAPACITY = 65_536;

/** An address and a port. */
export interface Target {
  readonly address: IpAddress;
  readonly port: number;
}

export class RedirectTable {
  readonly #asked = new Map<string, Target>();
  /** The last words of all addresses that were ever redirected to: most packets come from none of them. */
  readonly #sources = new Set<number>();

  /** Notes that the packet in `view`, of a client, goes to `target` instead. */
  add(view: PacketView, target: Target): void {
    const key = keyOf(view.protocol, target, { address: view.source, port: view.sourcePort });
    this.#asked.delete(key);
    this.#asked.set(key, { address: view.destination, port: view.destinationPort });
    this.#sources.add(readI32(target.address.bytes, target.address.bytes.length - 4));
    if (this.#asked.size <= CAPACITY) return;
    const [oldest] = this.#asked.keys();
    if (oldest !== undefined) this.#asked.delete(oldest);
  }

  /** Makes an answer of a target's read as sent by whom the client asked: in a copy, which `view` then has loaded. */
  restore(view: PacketView): boolean {
    if (this.#sources.size === 0 || !view.hasTransport) return false;
    const { sourceOffset, addressLength, memory, start, end } = view;
    if (!this.#sources.has(readI32(memory, sourceOffset + addressLength - 4))) return false;
    const source = { address: view.source, port: view.sourcePort };
    const client = { address: view.destination, port: view.destinationPort };
    const asked = this.#asked.get(keyOf(view.protocol, source, client));
    if (asked === undefined) return false;
    const copy = memory.slice(start, end);
    view.load(copy, 0, copy.length);
    rewritePacket(view, {
      source: asked.address,
      destination: client.address,
      sourcePort: asked.port,
    });
    view.load(copy, 0, copy.length);
    return true;
  }
}

const keyOf = (protocol: number, server: Target, client: Target): string =>
  `${protocol} ${formatIp(server.address)} ${server.port} ${formatIp(client.address)} ${client.port}`;

/** Sends a whole packet of a client's to `target`, in its own memory. */
export function aim(packet: Uint8Array, { address, port }: Target): void {
  const view = new PacketView();
  if (!view.load(packet, 0, packet.length)) return;
  rewritePacket(view, { source: view.source, destination: address, destinationPort: port });
}
