import type { IpAddress } from '../../base/addresses.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { ChannelPath } from './channel.ts';
import type { RawTransport } from '../../model/script.ts';

/** A channel's end by which its packets are known. */
export interface TableEntry {
  readonly transport: RawTransport;
  readonly path: ChannelPath;
}

/** Whose packet it is: the channel ends of one node by addresses and ports, seen from the node. */
export class ChannelTable<T extends TableEntry> {
  readonly #entries = new Map<number, T[]>();

  /** False when another entry has the same ends: two plays at once that nobody could tell apart. */
  add(entry: T): boolean {
    const key = keyOfEntry(entry);
    const row = this.#entries.get(key) ?? [];
    if (key !== ANY_PROTOCOL && row.some((other) => isSame(other, entry))) return false;
    row.push(entry);
    this.#entries.set(key, row);
    return true;
  }

  remove(entry: T): void {
    for (const [key, row] of this.#entries) {
      const at = row.indexOf(entry);
      if (at < 0) continue;
      row.splice(at, 1);
      if (row.length === 0) this.#entries.delete(key);
    }
  }

  /**
   * Visits the entry whose packet this is. Channels of transport raw-ip have no ports, so all between the two addresses get what
   * is no other channel's. Allocates nothing.
   */
  visit(packet: PacketView, visit: (entry: T) => void): void {
    const { protocol, destinationPort, sourcePort } = packet;
    const entry =
      this.#find(keyOf(protocol, destinationPort, sourcePort), packet) ??
      this.#find(keyOf(protocol, destinationPort, 0), packet);
    if (entry) visit(entry);
    else
      for (const other of this.#entries.get(ANY_PROTOCOL) ?? NONE)
        if (matches(other, packet)) visit(other);
  }

  #find(key: number, packet: PacketView): T | undefined {
    for (const entry of this.#entries.get(key) ?? NONE) if (matches(entry, packet)) return entry;
    return undefined;
  }
}

const NONE: readonly never[] = [];
const ANY_PROTOCOL = -1;

const keyOf = (protocol: number, ownPort: number, peerPort: number): number =>
  (protocol * 0x10000 + ownPort) * 0x10000 + peerPort;

function keyOfEntry({ transport, path: { ends, isPeerHidden } }: TableEntry): number {
  if (transport === 'raw-ip') return ANY_PROTOCOL;
  const protocol = transport === 'raw-tcp' ? IP_PROTOCOL.tcp : IP_PROTOCOL.udp;
  return keyOf(protocol, ends.ownPort, isPeerHidden ? 0 : ends.peerPort);
}

const isSame = (left: TableEntry, right: TableEntry): boolean =>
  sameBytes(left.path.ends.own, right.path.ends.own.bytes, 0) &&
  sameBytes(left.path.ends.peer, right.path.ends.peer.bytes, 0) &&
  left.path.ends.ownPort === right.path.ends.ownPort &&
  left.path.ends.peerPort === right.path.ends.peerPort;

/** Ports are the key's. */
function matches({ path: { ends, isPeerHidden } }: TableEntry, packet: PacketView): boolean {
  const { memory, version, destinationOffset, sourceOffset } = packet;
  if (ends.own.family !== version || !sameBytes(ends.own, memory, destinationOffset)) return false;
  return isPeerHidden || sameBytes(ends.peer, memory, sourceOffset);
}

function sameBytes({ bytes }: IpAddress, memory: Uint8Array, offset: number): boolean {
  for (let index = 0; index < bytes.length; index += 1)
    if (bytes[index] !== memory[offset + index]) return false;
  return true;
}
