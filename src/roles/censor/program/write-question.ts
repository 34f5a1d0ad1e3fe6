// What a program is told of a packet: the members of docs/programs.md, in one JSON object.
import { encodeBase64 } from '../../../base/base64.ts';
import { unreachable } from '../../../base/invariant.ts';
import type { CensorProgram } from '../../../model/censor.ts';
import { formatTcpFlags } from '../../../wire/tcp.ts';
import type { ClientHello } from '../../../wire/tls.ts';
import type { PacketView } from '../../../wire/packet.ts';
import type { Message } from '../inspect/message.ts';
import type { Occasion } from '../occasion.ts';
import { PROGRAM_PROTOCOL } from './answer.ts';
import type { DeskOptions } from './desk-options.ts';
import type { ProgramFlow } from './waiting-room.ts';

/** What it is told first, before any packet. */
export const writeHello = (
  { censor, position, seed }: DeskOptions,
  { params, actions, timeout, window }: CensorProgram,
): string =>
  JSON.stringify({
    ...{ hello: PROGRAM_PROTOCOL, censor, position, seed, params },
    ...{ actions: Object.keys(actions), timeout, window },
  });

/** Without the data kept for the flow, which is `withData`'s: it is that of the moment when the question is sent. */
export function writeQuestion(
  id: number,
  { view, isForward, now }: Occasion,
  message: Message | null,
  flow: ProgramFlow,
): string {
  return JSON.stringify({
    id,
    flow: flow.number,
    time: Math.round(now),
    direction: isForward ? 'forward' : 'reverse',
    ip: {
      version: view.version,
      src: view.sourceText,
      dst: view.destinationText,
      ttl: view.ttl,
      protocol: view.protocol,
      id: view.ipId,
      length: view.end - view.start,
      fragment: view.isFragment,
    },
    ...transportOf(view),
    payload: encodeBase64(view.payload),
    ...(message !== null && { message: describeMessage(message) }),
    state: {
      packets: flow.packets,
      bytes: flow.bytes,
      age: Math.round((now - flow.began) / 1000),
    },
  });
}

/** The question with what is kept for its flow as its last member. */
export const withData = (question: string, data: string): string =>
  `${question.slice(0, -1)},"data":${data}}`;

function transportOf(view: PacketView): object {
  const ports = { srcport: view.sourcePort, dstport: view.destinationPort };
  if (view.isTcp)
    return {
      tcp: {
        ...ports,
        seq: view.sequence,
        ack: view.acknowledgment,
        flags: formatTcpFlags(view.flags),
        window: view.window,
      },
    };
  if (view.isUdp) return { udp: ports };
  return view.hasTransport ? { icmp: { type: view.icmpType, code: view.icmpCode } } : {};
}

function describeMessage(message: Message): object {
  switch (message.layer) {
    case 'dns':
      return {
        protocol: 'dns',
        qname: message.query.questions[0]?.name ?? '',
        qtype: message.query.questions[0]?.type ?? 0,
        qdcount: message.query.qdcount,
      };
    case 'http': {
      const { method, host, path } = message.head;
      return { protocol: 'http', method, host, path };
    }
    case 'tls':
      return { protocol: 'tls', ...describeHello(message.hello) };
    case 'quic':
      return { protocol: 'quic', version: message.version, ...describeHello(message.hello) };
    case 'ssh':
      return { protocol: 'ssh', version: message.version, kex: message.kex };
    default:
      return unreachable(message, 'message');
  }
}

const describeHello = ({
  serverName,
  alpn,
  supportedVersions,
  legacyVersion,
  extensions,
}: ClientHello): object => ({
  sni: serverName,
  alpn,
  versions: supportedVersions.length > 0 ? supportedVersions : [legacyVersion],
  extensions,
});
