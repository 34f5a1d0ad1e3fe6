// TCP connections in a capture, reduced to what must not depend on where the ends run.
import { readFileSync } from 'node:fs';
import { decodeFrame } from '../../../../src/wire/decode.ts';
import { readPcap } from '../../../../src/wire/pcap.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';

export interface Segment {
  /** Names of the flags that are set, in the order of the header. */
  readonly flags: string;
  readonly ttl: number;
  /** Bytes of payload. */
  readonly length: number;
}

export interface Connection {
  readonly clientPort: number;
  /** The first bytes of payload from the client, as Latin-1; empty when none passed. */
  readonly question: string;
  readonly fromClient: readonly Segment[];
  readonly fromServer: readonly Segment[];
}

interface Seen {
  readonly clientPort: number;
  question: string;
  readonly fromClient: Segment[];
  readonly fromServer: Segment[];
  readonly known: Set<string>;
  readonly ended: Set<boolean>;
}

/**
 * The connections to a port, by the client's port. Left out, since load and chance decide about them: a retransmission,
 * and the bare ACK after a side's FIN, which may come after the capture has ended.
 */
export function readConnections(file: string, serverPort: number): Map<number, Connection> {
  const connections = new Map<number, Seen>();
  for (const { data, length } of readPcap(readFileSync(file))) {
    const frame = decodeFrame(data, length);
    const packet = frame.ok ? frame.value.packet : null;
    if (!packet?.tcp) continue;
    const { sourcePort, destinationPort, sequence, flags } = packet.tcp;
    const isClients = destinationPort === serverPort;
    if (!isClients && sourcePort !== serverPort) continue;
    const clientPort = isClients ? sourcePort : destinationPort;
    const seen = connections.get(clientPort) ?? begin(clientPort);
    connections.set(clientPort, seen);
    const isBare = packet.payloadLength === 0 && flags === TCP_FLAG.ACK;
    const identity = `${isClients} ${sequence} ${flags} ${packet.payloadLength}`;
    if (isBare ? seen.ended.has(isClients) : seen.known.has(identity)) continue;
    seen.known.add(identity);
    if (flags & TCP_FLAG.FIN) seen.ended.add(isClients);
    if (isClients && seen.question === '')
      seen.question = Buffer.from(packet.payload).toString('latin1');
    (isClients ? seen.fromClient : seen.fromServer).push({
      flags: flagNames(flags),
      ttl: packet.ip.ttl,
      length: packet.payloadLength,
    });
  }
  return connections;
}

const begin = (clientPort: number): Seen => ({
  clientPort,
  question: '',
  fromClient: [],
  fromServer: [],
  known: new Set(),
  ended: new Set(),
});

const flagNames = (flags: number): string =>
  Object.entries(TCP_FLAG)
    .filter(([, bit]) => flags & bit)
    .map(([name]) => name)
    .join('+');
