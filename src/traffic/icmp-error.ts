// Echo messages and the errors that answer probes: what was probed is known by the packet that an error quotes (RFC 792, RFC 4443).
import { formatIp } from '../base/addresses.ts';
import { readU16, readU8, writeU16 } from '../wire/bytes.ts';
import { internetChecksum } from '../wire/checksum.ts';
import { ICMP, ICMPV6_TYPE, ICMP_TYPE, emitIcmp, parseIcmp } from '../wire/icmp.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import { IPV4, ipv4HeaderLength } from '../wire/ipv4.ts';
import { IPV6 } from '../wire/ipv6.ts';

type IpVersion = 4 | 6;

export interface Echo {
  readonly id: number;
  readonly sequence: number;
}

/** An echo request; the checksum of ICMPv6 is left to the kernel, which knows the addresses. */
export function buildEcho(
  version: IpVersion,
  { id, sequence }: Echo,
  data: Uint8Array,
): Uint8Array {
  const type = version === 4 ? ICMP_TYPE.echo : ICMPV6_TYPE.echo;
  const message = emitIcmp({ type, code: 0, id, sequence, data });
  if (version === 4) writeU16(message, ICMP.checksum, internetChecksum(message, 0, message.length));
  return message;
}

/** What an ICMP message says to whoever probes. */
export type IcmpAnswer =
  ({ readonly kind: 'echo-reply'; readonly data: Uint8Array } & Echo) | IcmpError;

export interface IcmpError {
  readonly kind: 'time-exceeded' | 'unreachable';
  /** Which of them, for `unreachable`: `port unreachable`. */
  readonly detail: string;
  readonly quoted: Quoted;
}

/** The packet that an error answers. */
export interface Quoted {
  readonly protocol: number;
  readonly destination: string;
  /** Of TCP and UDP; of an echo request its identifier and sequence number. */
  readonly first: number;
  readonly second: number;
}

/** Null for messages that answer nothing. */
export function readIcmpAnswer(version: IpVersion, bytes: Uint8Array): IcmpAnswer | null {
  const message = parseIcmp(bytes);
  if (!message.ok) return null;
  const { type, code, id, sequence, data } = message.value;
  const types = version === 4 ? ICMP_TYPE : ICMPV6_TYPE;
  if (type === types.echoReply) return { kind: 'echo-reply', id, sequence, data };
  if (type !== types.timeExceeded && type !== types.unreachable) return null;
  const quoted = version === 4 ? readQuotedV4(data) : readQuotedV6(data);
  if (!quoted) return null;
  if (type === types.timeExceeded) return { kind: 'time-exceeded', detail: '', quoted };
  const detail = (version === 4 ? UNREACHABLE_V4 : UNREACHABLE_V6)[code];
  return { kind: 'unreachable', detail: detail ?? `unreachable, code ${code}`, quoted };
}

export const PORT_UNREACHABLE = 'port unreachable';

const UNREACHABLE_V4: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: PORT_UNREACHABLE,
  9: 'network prohibited',
  10: 'host prohibited',
  13: 'communication prohibited',
};
const UNREACHABLE_V6: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'communication prohibited',
  3: 'host unreachable',
  4: PORT_UNREACHABLE,
};

function readQuotedV4(packet: Uint8Array): Quoted | null {
  const transport = ipv4HeaderLength(packet, 0);
  if (transport < IPV4.headerLength || packet.length < transport + 8) return null;
  const destination = packet.subarray(IPV4.destination, IPV4.destination + 4);
  const protocol = readU8(packet, IPV4.protocol);
  return quotedOf(packet, transport, protocol, formatIp({ family: 4, bytes: destination }));
}

/** Probes carry no extension headers. */
function readQuotedV6(packet: Uint8Array): Quoted | null {
  if (packet.length < IPV6.headerLength + 8) return null;
  const destination = packet.subarray(IPV6.destination, IPV6.destination + 16);
  const protocol = readU8(packet, IPV6.nextHeader);
  return quotedOf(packet, IPV6.headerLength, protocol, formatIp({ family: 6, bytes: destination }));
}

/** The first 8 bytes of the payload are always there: ports, or of an echo request the last 4 of them. */
function quotedOf(
  packet: Uint8Array,
  transport: number,
  protocol: number,
  destination: string,
): Quoted {
  const isIcmp = protocol === IP_PROTOCOL.icmp || protocol === IP_PROTOCOL.icmpv6;
  const at = transport + (isIcmp ? ICMP.id : 0);
  return { protocol, destination, first: readU16(packet, at), second: readU16(packet, at + 2) };
}
