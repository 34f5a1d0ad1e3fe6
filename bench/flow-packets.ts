// TLS connections as packets in one piece of memory: handshake, ClientHello, and some packets of data each way.
import { parseIp } from '../src/base/addresses.ts';
import { buildTcp } from '../src/wire/build.ts';
import { IPV4 } from '../src/wire/ipv4.ts';
import { TCP_FLAG } from '../src/wire/tcp.ts';
import { buildClientHello, buildTlsRecords } from '../src/wire/tls-build.ts';

export interface FlowPackets {
  readonly memory: Uint8Array;
  readonly packets: number;
  /** Where each packet starts; one more for the end of the last. */
  readonly starts: Uint32Array;
  /** Where each packet has the client's address. */
  readonly clients: Uint32Array;
}

const { SYN, ACK, PSH } = TCP_FLAG;
const SERVERS = 256;
const CLIENTS = 50;

/** Flows one after the other, each between other ports, to servers of 198.51.100.0/24. */
export function generateFlows(count: number): FlowPackets {
  const built = Array.from({ length: count }, (_, index) => buildFlow(index)).flat();
  const size = built.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const memory = new Uint8Array(size);
  const starts = new Uint32Array(built.length + 1);
  const clients = new Uint32Array(built.length);
  let at = 0;
  for (const [index, { bytes, isForward }] of built.entries()) {
    memory.set(bytes, at);
    starts[index] = at;
    clients[index] = at + (isForward ? IPV4.source : IPV4.destination);
    at += bytes.length;
  }
  starts[built.length] = at;
  return { memory, packets: built.length, starts, clients };
}

/** Gives every client another address, so that all flows are new; checksums are left as they are. */
export function renumberClients({ memory, clients }: FlowPackets, round: number): void {
  for (const at of clients) memory[at + 1] = round & 0xff;
}

interface BuiltPacket {
  readonly bytes: Uint8Array;
  readonly isForward: boolean;
}

function buildFlow(index: number): readonly BuiltPacket[] {
  const client = addressOf(`10.0.${Math.floor(index / CLIENTS) & 0xff}.${1 + (index % CLIENTS)}`);
  const server = addressOf(`198.51.100.${index % SERVERS}`);
  const ports = { clientPort: 20_000 + (index % 40_000), serverPort: 443 };
  const hello = buildTlsRecords(
    buildClientHello({ serverName: `host-${index}.shop-${index % 97}.test` }),
  );
  const packet = (
    isForward: boolean,
    flags: number,
    sequence: number,
    acknowledgment: number,
    payload: Uint8Array,
  ): BuiltPacket => ({
    isForward,
    bytes: buildTcp({
      source: isForward ? client : server,
      destination: isForward ? server : client,
      sourcePort: isForward ? ports.clientPort : ports.serverPort,
      destinationPort: isForward ? ports.serverPort : ports.clientPort,
      flags,
      sequence,
      acknowledgment,
      payload,
    }),
  });
  const none = new Uint8Array(0);
  const page = new Uint8Array(1200).fill(0x17);
  return [
    packet(true, SYN, 1000, 0, none),
    packet(false, SYN | ACK, 5000, 1001, none),
    packet(true, ACK, 1001, 5001, none),
    packet(true, PSH | ACK, 1001, 5001, hello),
    packet(false, ACK, 5001, 1001 + hello.length, page),
    packet(false, PSH | ACK, 6201, 1001 + hello.length, page),
    packet(true, ACK, 1001 + hello.length, 7401, none),
    packet(true, PSH | ACK, 1001 + hello.length, 7401, page),
  ];
}

function addressOf(text: string): Parameters<typeof buildTcp>[0]['source'] {
  const address = parseIp(text);
  if (!address.ok) throw new Error(address.error);
  return address.value;
}
