// What the SYNs of a connection say that whoever takes it over has to go by.
import type { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG } from '../../wire/tcp.ts';
import { type TcpOptionValues, readTcpOptions } from '../../wire/tcp-options.ts';

export interface Opening {
  /** Null until its SYN was seen. */
  readonly client: TcpOptionValues | null;
  readonly server: TcpOptionValues | null;
  /** Of the SYN+ACK, not scaled. */
  readonly serverWindow: number;
}

const NOTHING_SEEN: Opening = { client: null, server: null, serverWindow: 0 };

/** Notes a packet, if it is one that opens a connection. */
export function noteOpening(
  known: Opening | null,
  view: PacketView,
  isForward: boolean,
): Opening | null {
  if (!view.isTcp || (view.flags & TCP_FLAG.SYN) === 0) return known;
  const offer = readTcpOptions(view.tcpOptions.slice());
  const opening = known ?? NOTHING_SEEN;
  return isForward
    ? { ...opening, client: offer }
    : { ...opening, server: offer, serverWindow: view.window };
}
