// One packet as one line, in the words of tcpdump(1) with absolute sequence numbers.
import { IP_PROTOCOL, formatProtocol } from './ip-protocol.ts';
import { PacketView } from './packet.ts';
import { TCP_FLAG } from './tcp.ts';

/** `IP 10.0.0.1.40000 > 10.0.0.2.443: Flags [P.], seq 1:6, ack 9, win 512, length 5`. Never throws. */
export function formatPacket(packet: Uint8Array): string {
  const view = new PacketView();
  if (!view.load(packet, 0, packet.length)) return `malformed: ${view.fault ?? ''}`;
  return formatView(view);
}

export function formatView(view: PacketView): string {
  const family = view.version === 4 ? 'IP' : 'IP6';
  return `${family} ${endpoint(view.sourceText, view.sourcePort)} > ${endpoint(view.destinationText, view.destinationPort)}: ${upperLayer(view)}`;
}

const endpoint = (address: string, port: number): string =>
  port === 0 ? address : `${address}.${port}`;

function upperLayer(view: PacketView): string {
  if (view.fragmentOffset > 0)
    return `${formatProtocol(view.protocol)} fragment ${view.fragmentId} at ${view.fragmentOffset}, length ${view.payloadLength}`;
  if (!view.hasTransport) return `${formatProtocol(view.protocol)}, length ${view.payloadLength}`;
  switch (view.protocol) {
    case IP_PROTOCOL.tcp:
      return tcpWords(view);
    case IP_PROTOCOL.udp:
      return `UDP, length ${view.payloadLength}`;
    default:
      return `${formatProtocol(view.protocol)} type ${view.icmpType} code ${view.icmpCode}, length ${view.payloadLength}`;
  }
}

function tcpWords(view: PacketView): string {
  const { sequence, payloadLength, flags } = view;
  const range =
    payloadLength > 0 ? `${sequence}:${(sequence + payloadLength) >>> 0}` : `${sequence}`;
  const ack = (flags & TCP_FLAG.ACK) !== 0 ? `, ack ${view.acknowledgment}` : '';
  return `Flags [${flagLetters(flags)}], seq ${range}${ack}, win ${view.window}, length ${payloadLength}`;
}

const LETTERS = [
  [TCP_FLAG.FIN, 'F'],
  [TCP_FLAG.SYN, 'S'],
  [TCP_FLAG.RST, 'R'],
  [TCP_FLAG.PSH, 'P'],
  [TCP_FLAG.ACK, '.'],
  [TCP_FLAG.URG, 'U'],
  [TCP_FLAG.ECE, 'E'],
  [TCP_FLAG.CWR, 'W'],
] as const;

function flagLetters(flags: number): string {
  const letters = LETTERS.filter(([bit]) => (flags & bit) !== 0).map(([, letter]) => letter);
  return letters.length === 0 ? 'none' : letters.join('');
}
