// Conversations by our own builders, sound before they are mutated: every protocol that a censor reads, and every kind of packet.
import { type IpAddress, parseIp } from '../../src/base/addresses.ts';
import type { Random } from '../../src/base/random.ts';
import { buildIcmp, buildIp, buildTcp, buildUdp } from '../../src/wire/build.ts';
import { concatBytes, fromLatin1 } from '../../src/wire/bytes.ts';
import { buildDnsQuery } from '../../src/wire/dns.ts';
import { fragmentPacket } from '../../src/wire/fragment.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';
import { type TcpOptionSpec, emitTcpOptions } from '../../src/wire/tcp-options.ts';
import { buildClientHello, buildTlsRecords } from '../../src/wire/tls-build.ts';
import { QUIC_V1, QUIC_V2, cryptoFrame, sealInitial } from './seal-initial.ts';

const { SYN, ACK, PSH, FIN, RST } = TCP_FLAG;

interface Ends {
  readonly client: IpAddress;
  readonly server: IpAddress;
  readonly clientPort: number;
}

/** IP packets, in order. */
export interface Conversation {
  readonly packets: readonly Uint8Array[];
  readonly clientPort: number;
}

export function conversation(random: Random): Conversation {
  const ends = drawEnds(random);
  const kinds = [tls, http, dns, dnsOverTcp, quic, ssh, plain, icmp, extensions] as const;
  const packets = pick(random, kinds)(random, ends);
  const isCut = random.below(6) === 0;
  return {
    packets: isCut ? packets.flatMap((packet) => fragments(random, packet)) : packets,
    clientPort: ends.clientPort,
  };
}

/** Few ends, so that flows meet again, and residual blocks. */
function drawEnds(random: Random): Ends {
  const prefix = random.below(2) === 0 ? '10.0.0.' : 'fd00::';
  return {
    client: address(`${prefix}${1 + random.below(3)}`),
    server: address(`${prefix}${101 + random.below(3)}`),
    clientPort: 40_000 + random.below(8),
  };
}

export const NAMES: readonly string[] = [
  'blocked.example',
  'www.blocked.example',
  'fine.example',
  'notblocked.test',
];

const hello = (random: Random): Uint8Array =>
  buildClientHello({
    serverName: random.below(10) === 0 ? null : pick(random, NAMES),
    alpn: ['h2', 'http/1.1'],
    random: random.bytes(32),
    sessionId: random.bytes(random.below(33)),
    extensions: pick(random, [
      [],
      [{ type: 0xfe0d, data: random.bytes(64) }],
      [{ type: 0xffce, data: random.bytes(32) }],
      [{ type: 0x0a0a, data: new Uint8Array(0) }],
    ]),
  });

const tls = (random: Random, ends: Ends): Uint8Array[] =>
  connection(random, ends, 443, buildTlsRecords(hello(random), 1 + random.below(512)));

function http(random: Random, ends: Ends): Uint8Array[] {
  const name = pick(random, NAMES);
  const method = pick(random, ['GET', 'POST', 'get', 'CONNECT']);
  const host = pick(random, ['Host: ', 'hoSt:', 'Host:\t ', 'X-Host: ']);
  const head = `${method} /ultrasurf HTTP/1.${random.below(3)}\r\n${host}${name}\r\nAccept: */*\r\n\r\n`;
  return connection(random, ends, 80, fromLatin1(head.repeat(1 + random.below(3))));
}

function ssh(random: Random, ends: Ends): Uint8Array[] {
  const names = fromLatin1('curve25519-sha256,diffie-hellman-group14-sha256');
  const list = concatBytes(u32(names.length), names);
  const payload = concatBytes(
    Uint8Array.of(20),
    random.bytes(16),
    ...Array<Uint8Array>(10).fill(list),
  );
  const kexinit = concatBytes(
    u32(payload.length + 5),
    Uint8Array.of(4),
    payload,
    new Uint8Array(4),
  );
  return connection(random, ends, 22, concatBytes(fromLatin1('SSH-2.0-OpenSSH_9.6\r\n'), kexinit));
}

const plain = (random: Random, ends: Ends): Uint8Array[] =>
  connection(random, ends, 25, random.bytes(1 + random.below(1200)));

const query = (random: Random): Uint8Array => {
  const built = buildDnsQuery(random.below(65_536), pick(random, NAMES), pick(random, [1, 28, 65]));
  return built.ok ? built.value : new Uint8Array(12);
};

const dnsOverTcp = (random: Random, ends: Ends): Uint8Array[] => {
  const message = query(random);
  return connection(random, ends, 53, concatBytes(u32(message.length).subarray(2), message));
};

const dns = (random: Random, ends: Ends): Uint8Array[] =>
  Array.from({ length: 1 + random.below(4) }, () => datagram(ends, 53, query(random)));

/** One hello over several CRYPTO frames, packets and datagrams, in any order. */
function quic(random: Random, ends: Ends): Uint8Array[] {
  const version = pick(random, [QUIC_V1, QUIC_V2]);
  const destination = random.bytes(8 + random.below(12));
  const message = hello(random);
  const frames = cut(random, message, 1 + random.below(5)).map(({ at, part }) => {
    const padding = new Uint8Array(random.below(40));
    const ping = Uint8Array.of(1);
    const frame = concatBytes(padding, cryptoFrame(at, part), ping);
    // Damage beneath the protection: nothing else reaches the reader of frames.
    if (random.below(4) === 0) frame[random.below(frame.length)] = random.below(256);
    return frame;
  });
  if (random.below(2) === 0) frames.reverse();
  const packets = frames.map((frame, number) =>
    sealInitial(version, destination, number, concatBytes(frame, new Uint8Array(32))),
  );
  return random.below(2) === 0
    ? [datagram(ends, 443, concatBytes(...packets))]
    : packets.map((packet) => datagram(ends, 443, packet));
}

const icmp = (random: Random, ends: Ends): Uint8Array[] => [
  buildIcmp(
    { source: ends.client, destination: ends.server },
    { type: random.below(256), code: random.below(20), id: 1, sequence: 1, data: random.bytes(40) },
  ),
];

/** Extension headers of IPv6, or another protocol of IPv4, around a segment. */
function extensions(random: Random, ends: Ends): Uint8Array[] {
  const spec = { source: ends.client, destination: ends.server };
  const [inner] = connection(random, ends, 443, random.bytes(8));
  const transport = (inner ?? new Uint8Array(60)).subarray(ends.client.family === 6 ? 40 : 20);
  if (ends.client.family === 4) return [buildIp(spec, random.below(256), transport)];
  const kinds = [0, 43, 60, 44, 51, 135] as const;
  const count = 1 + random.below(4);
  const chain = Array.from({ length: count }, () => pick(random, kinds));
  const headers = chain.map((_, at) =>
    concatBytes(
      Uint8Array.of(chain[at + 1] ?? 6, random.below(2)),
      random.bytes(6 + 8 * random.below(2)),
    ),
  );
  return [buildIp(spec, chain[0] ?? 0, concatBytes(...headers, transport))];
}

const datagram = (ends: Ends, port: number, payload: Uint8Array): Uint8Array =>
  buildUdp({
    source: ends.client,
    destination: ends.server,
    sourcePort: ends.clientPort,
    destinationPort: port,
    payload,
  });

function connection(random: Random, ends: Ends, port: number, words: Uint8Array): Uint8Array[] {
  const start = random.below(2 ** 32);
  const answer = random.below(2 ** 32);
  const both = (
    isClients: boolean,
    flags: number,
    sequence: number,
    payload?: Uint8Array,
  ): Uint8Array =>
    buildTcp({
      source: isClients ? ends.client : ends.server,
      destination: isClients ? ends.server : ends.client,
      sourcePort: isClients ? ends.clientPort : port,
      destinationPort: isClients ? port : ends.clientPort,
      sequence: sequence >>> 0,
      acknowledgment: (isClients ? answer + 1 : start + 1) >>> 0,
      flags,
      ttl: pick(random, [64, 3, 128]),
      id: random.below(65_536),
      window: pick(random, [65_535, 0, 1]),
      options: options(random),
      payload,
    });
  const segments = cut(random, words, 1 + random.below(4)).map(({ at, part }) =>
    both(true, ACK | (random.below(2) === 0 ? PSH : 0), start + 1 + at, part),
  );
  const opening = [
    both(true, SYN, start),
    both(false, SYN | ACK, answer),
    both(true, ACK, start + 1),
  ];
  const closing = [
    both(false, ACK, answer + 1, random.bytes(random.below(1400))),
    both(random.below(2) === 0, pick(random, [FIN | ACK, RST]), start + 1 + words.length),
  ];
  return [...(random.below(5) === 0 ? [] : opening), ...segments, ...closing];
}

function options(random: Random): Uint8Array {
  const timestamps: TcpOptionSpec = { kind: 'timestamps', value: random.below(1e6), echo: 0 };
  const choices: readonly (readonly TcpOptionSpec[])[] = [
    [],
    [
      { kind: 'maximum-segment-size', size: 1460 },
      { kind: 'window-scale', shift: 7 },
    ],
    [timestamps, { kind: 'sack', blocks: [{ left: 1, right: 9 }] }],
    [{ kind: 'md5', digest: random.bytes(16) }],
    [{ kind: 'sack-permitted' }, { kind: 'other', number: 254, data: random.bytes(5) }],
  ];
  return emitTcpOptions(pick(random, choices));
}

function fragments(random: Random, packet: Uint8Array): Uint8Array[] {
  const sizes = Array.from({ length: 1 + random.below(4) }, () => 8 * (1 + random.below(16)));
  const parts = fragmentPacket(packet, sizes, random.below(2 ** 32));
  return random.below(2) === 0 ? parts : parts.toReversed();
}

interface Part {
  readonly at: number;
  readonly part: Uint8Array;
}

/** In `count` pieces at most, where chance cuts. */
function cut(random: Random, bytes: Uint8Array, count: number): Part[] {
  const places = Array.from({ length: count - 1 }, () => random.below(bytes.length));
  const edges = [...new Set([0, ...places, bytes.length])].toSorted((left, right) => left - right);
  return edges.slice(1).map((end, index) => {
    const at = edges[index] ?? 0;
    return { at, part: bytes.subarray(at, end) };
  });
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  const chosen = choices[random.below(choices.length)];
  if (chosen === undefined) throw new Error('Nothing to choose from');
  return chosen;
}

function address(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
