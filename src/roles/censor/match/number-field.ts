// Numbers of packets, messages and flows, by the names that rules give them.
import type { NumberField } from '../../../model/censor-match.ts';
import { unreachable } from '../../../base/invariant.ts';
import { readU16 } from '../../../wire/bytes.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import { IPV4 } from '../../../wire/ipv4.ts';
import { IPV6 } from '../../../wire/ipv6.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { type ClientHello, isGrease } from '../../../wire/tls.ts';
import { UDP } from '../../../wire/udp.ts';
import type { Look, PacketHead } from './look.ts';

/** Fields that a packet may have several of at once. */
export type SeveralField = 'tcp.port' | 'udp.port' | 'tls.extension';
export type SingleField = Exclude<NumberField, SeveralField>;

export const isSeveral = (field: NumberField): field is SeveralField =>
  field === 'tcp.port' || field === 'udp.port' || field === 'tls.extension';

/** The value of a field; NaN where the packet does not have it. */
export function readNumber(field: SingleField, look: Look): number {
  const { view } = look;
  switch (field) {
    case 'ip.version':
      return look.head.version;
    case 'ip.proto':
      return look.head.protocol;
    case 'ip.ttl':
      return view.ttl;
    case 'ip.id':
      return view.version === 4 || view.isFragment ? identificationOf(view) : NaN;
    case 'ip.length':
      return wireLength(view);
    case 'ip.dscp':
      return view.trafficClass >>> 2;
    case 'tcp.srcport':
      return portsOf(look.head, IP_PROTOCOL.tcp) ? look.head.sourcePort : NaN;
    case 'tcp.dstport':
      return portsOf(look.head, IP_PROTOCOL.tcp) ? look.head.destinationPort : NaN;
    case 'udp.srcport':
      return portsOf(look.head, IP_PROTOCOL.udp) ? look.head.sourcePort : NaN;
    case 'udp.dstport':
      return portsOf(look.head, IP_PROTOCOL.udp) ? look.head.destinationPort : NaN;
    case 'tcp.seq':
      return view.isTcp ? view.sequence : NaN;
    case 'tcp.ack':
      return view.isTcp ? view.acknowledgment : NaN;
    case 'tcp.window':
      return view.isTcp ? view.window : NaN;
    case 'tcp.length':
      return view.isTcp ? view.payloadLength : NaN;
    case 'tcp.headerLength':
      return view.isTcp ? view.payloadStart - view.transportStart : NaN;
    case 'tcp.urgent':
      return view.isTcp ? view.urgentPointer : NaN;
    case 'udp.length':
      return view.isUdp ? readU16(view.memory, view.transportStart + UDP.length) : NaN;
    case 'icmp.type':
      return isIcmp(view) ? view.icmpType : NaN;
    case 'icmp.code':
      return isIcmp(view) ? view.icmpCode : NaN;
    case 'payload.length':
      return view.payloadLength;
    case 'payload.entropy':
      return look.payload.entropy;
    case 'payload.popcount':
      return look.payload.popcount;
    case 'payload.printable':
      return look.payload.printable;
    case 'payload.printableRun':
      return look.payload.printableRun;
    case 'payload.printablePrefix':
      return look.payload.printablePrefix;
    case 'flow.packets':
      return look.progress?.packets ?? NaN;
    case 'flow.bytes':
      return look.progress?.bytes ?? NaN;
    case 'flow.data':
      return (look.isForward ? look.progress?.forwardData : look.progress?.reverseData) ?? NaN;
    case 'flow.age':
      return look.progress === null ? NaN : (look.now - look.progress.began) / 1000;
    case 'dns.qtype':
    case 'dns.qdcount':
    case 'tls.version':
    case 'quic.version':
      return readMessageNumber(field, look);
    default:
      return unreachable(field, 'number field');
  }
}

/** Every value of such a field; null where the packet does not have it. */
export function readNumbers(
  field: SeveralField,
  { head, message }: Look,
): readonly number[] | null {
  if (field === 'tls.extension') return message?.layer === 'tls' ? message.hello.extensions : null;
  const protocol = field === 'tcp.port' ? IP_PROTOCOL.tcp : IP_PROTOCOL.udp;
  return portsOf(head, protocol) ? [head.sourcePort, head.destinationPort] : null;
}

function readMessageNumber(
  field: 'dns.qtype' | 'dns.qdcount' | 'tls.version' | 'quic.version',
  { message, question }: Look,
): number {
  switch (field) {
    case 'dns.qtype':
      return message?.layer === 'dns' ? (message.query.questions[question]?.type ?? NaN) : NaN;
    case 'dns.qdcount':
      return message?.layer === 'dns' ? message.query.qdcount : NaN;
    case 'tls.version':
      return message?.layer === 'tls' ? highestVersion(message.hello) : NaN;
    case 'quic.version':
      return message?.layer === 'quic' ? message.version : NaN;
  }
}

const portsOf = (head: PacketHead, protocol: number): boolean =>
  head.hasTransport && head.protocol === protocol;

const isIcmp = ({ hasTransport, protocol }: PacketView): boolean =>
  hasTransport && (protocol === IP_PROTOCOL.icmp || protocol === IP_PROTOCOL.icmpv6);

/** 16 bits of IPv4; 32 of an IPv6 Fragment header. */
const identificationOf = (view: PacketView): number =>
  view.version === 4 ? view.ipId : view.fragmentId;

/** Bytes by the IP header, also of a packet that a capture has cut. */
function wireLength({ memory, start, version }: PacketView): number {
  if (version === 4) return readU16(memory, start + IPV4.totalLength);
  return IPV6.headerLength + readU16(memory, start + IPV6.payloadLength);
}

/** The highest version that is offered; before TLS 1.3 the one of the hello itself. */
export function highestVersion({ supportedVersions, legacyVersion }: ClientHello): number {
  let highest = 0;
  for (const version of supportedVersions)
    if (version > highest && !isGrease(version)) highest = version;
  return highest === 0 ? legacyVersion : highest;
}
