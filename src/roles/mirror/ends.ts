// Who speaks: addresses with ports, as keys and as text.
import { type IpAddress, formatIp } from '../../base/addresses.ts';
import { latin1, readU32 } from '../../wire/bytes.ts';
import type { PacketView } from '../../wire/packet.ts';

/** The whole 4-tuple of a packet of a client. */
export const sessionKey = (view: PacketView): string =>
  `${sourceKey(view)}>${destinationKey(view)}`;

/** The same with its ends exchanged, for packets to a client. */
export const reverseKey = (view: PacketView): string =>
  `${destinationKey(view)}>${sourceKey(view)}`;

export const sourceKey = ({
  memory,
  sourceOffset,
  addressLength,
  sourcePort,
}: PacketView): string => keyAt(memory, sourceOffset, addressLength, sourcePort);

export const destinationKey = (view: PacketView): string =>
  keyAt(view.memory, view.destinationOffset, view.addressLength, view.destinationPort);

export const endKey = ({ bytes }: IpAddress, port: number): string =>
  keyAt(bytes, 0, bytes.length, port);

function keyAt(memory: Uint8Array, at: number, length: number, port: number): string {
  if (length === 4) return `${readU32(memory, at)}:${port}`;
  return `${latin1(memory, at, at + length)}:${port}`;
}

/** `10.0.0.1:40000`, `[fd00::1]:40000`. */
export const describeEnd = (address: IpAddress, port: number): string =>
  address.family === 4 ? `${formatIp(address)}:${port}` : `[${formatIp(address)}]:${port}`;
