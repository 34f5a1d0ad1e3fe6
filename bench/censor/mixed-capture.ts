// A capture of mixed traffic by our own builders: of its packets 30 % belong to TLS connections, 30 % to HTTP, 25 % to other TCP and
// 15 % to DNS, as in CensorLab's experiment 7.
import { type IpAddress, ipFromBigInt } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/invariant.ts';
import { seededRandom } from '../../src/base/random.ts';
import { buildTcp, buildUdp } from '../../src/wire/build.ts';
import { fromLatin1 } from '../../src/wire/bytes.ts';
import { buildDnsQuery } from '../../src/wire/dns.ts';
import { LINKTYPE, encodePcapRecord, writePcapHeader } from '../../src/wire/pcap.ts';
import { TCP_FLAG } from '../../src/wire/tcp.ts';
import { buildClientHello, buildTlsRecords } from '../../src/wire/tls-build.ts';

const { SYN, ACK, PSH, FIN } = TCP_FLAG;
const CLIENTS = 0x0a00_0000;
const SERVERS = 0xc633_6400;
/** Names of which the first is the one that rules forbid. */
const NAMES = ['blocked.example', ...Array.from({ length: 99 }, (_, at) => `site${at}.example`)];
const START = 1_700_000_000_000_000;
/** Microseconds from packet to packet. */
const STEP = 10;
/** Connections that are open at once. */
const OPEN = 200;
const MTU_PAYLOAD = 1448;

type Kind = 'tls' | 'http' | 'tcp' | 'dns';

/** Each kind's share of the packets. */
const SHARES: readonly (readonly [Kind, number])[] = [
  ['tls', 0.3],
  ['http', 0.3],
  ['tcp', 0.25],
  ['dns', 0.15],
];

/** Whole IP packets, `count` or a few more, in order of time and of many connections at once. */
export function* mixedPackets(count: number, seed: number): Generator<Uint8Array> {
  const random = seededRandom(seed, 'mixed capture');
  const sent = new Map<Kind, number>(SHARES.map(([kind]) => [kind, 0]));
  const open: (readonly [Kind, Generator<Uint8Array>])[] = [];
  let flows = 0;
  for (let total = 0; total < count;) {
    while (open.length < OPEN) {
      const [kind] = scarcest(sent, total);
      flows += 1;
      const content = contentOf(kind, NAMES[random.below(NAMES.length)] ?? '');
      open.push([kind, kind === 'dns' ? lookUp(flows, content) : connection(flows, kind, content)]);
      // Counted ahead, so that kinds with long connections are not begun too often.
      sent.set(kind, (sent.get(kind) ?? 0) + LENGTHS[kind]);
      total += LENGTHS[kind];
    }
    const at = random.below(open.length);
    const next = open[at]?.[1].next();
    if (next?.done === false) yield next.value;
    else open.splice(at, 1);
  }
  for (const [, rest] of open) yield* rest;
}

/** The same as a pcap file of raw IP packets, in pieces. */
export function* mixedCapture(count: number, seed: number): Generator<Uint8Array> {
  yield writePcapHeader(LINKTYPE.LINKTYPE_RAW);
  let time = START;
  for (const packet of mixedPackets(count, seed)) {
    yield encodePcapRecord(time, packet);
    time += STEP;
  }
}

/** Packets of one conversation. */
const LENGTHS: Readonly<Record<Kind, number>> = { tls: 20, http: 20, tcp: 20, dns: 2 };

function scarcest(sent: ReadonlyMap<Kind, number>, total: number): readonly [Kind, number] {
  const behind = SHARES.map(
    ([kind, share]) => [kind, share * total - (sent.get(kind) ?? 0)] as const,
  );
  const [most] = behind.toSorted((left, right) => right[1] - left[1]);
  invariant(most, 'there are kinds');
  return most;
}

function contentOf(kind: Kind, name: string): Uint8Array {
  switch (kind) {
    case 'tls':
      return buildTlsRecords(buildClientHello({ serverName: name }));
    case 'http':
      return fromLatin1(`GET / HTTP/1.1\r\nHost: ${name}\r\nUser-Agent: curl/8.5.0\r\n\r\n`);
    case 'tcp':
      return fromLatin1(`EHLO ${name}\r\n`);
    case 'dns': {
      const query = buildDnsQuery(7, name, 1);
      invariant(query.ok, 'the name can be asked for');
      return query.value;
    }
  }
}

const PORTS: Readonly<Record<Kind, number>> = { tls: 443, http: 80, tcp: 25, dns: 53 };
const ANSWER = new Uint8Array(MTU_PAYLOAD).fill(0xa5);

interface Ends {
  readonly client: IpAddress;
  readonly server: IpAddress;
  readonly port: number;
}

const endsOf = (flow: number): Ends => ({
  client: ipFromBigInt(BigInt(CLIENTS + 1 + (flow % 60_000)), 4),
  server: ipFromBigInt(BigInt(SERVERS + 1 + (flow % 200)), 4),
  port: 1024 + (flow % 60_000),
});

/** Handshake, what the client says, an answer of a few full segments with their acknowledgments, and the end. */
function* connection(flow: number, kind: Kind, content: Uint8Array): Generator<Uint8Array> {
  const { client, server, port } = endsOf(flow);
  let [mine, theirs] = [flow, flow * 7];
  const fromClient = (flags: number, payload?: Uint8Array): Uint8Array =>
    buildTcp({
      source: client,
      destination: server,
      sourcePort: port,
      destinationPort: PORTS[kind],
      sequence: mine >>> 0,
      acknowledgment: theirs >>> 0,
      flags,
      payload,
    });
  const fromServer = (flags: number, payload?: Uint8Array): Uint8Array =>
    buildTcp({
      source: server,
      destination: client,
      sourcePort: PORTS[kind],
      destinationPort: port,
      sequence: theirs >>> 0,
      acknowledgment: mine >>> 0,
      flags,
      payload,
    });
  yield fromClient(SYN);
  mine += 1;
  yield fromServer(SYN | ACK);
  theirs += 1;
  yield fromClient(ACK);
  yield fromClient(PSH | ACK, content);
  mine += content.length;
  yield fromServer(ACK);
  for (let segment = 0; segment < 8; segment += 1) {
    yield fromServer(ACK, ANSWER);
    theirs += ANSWER.length;
    if (segment % 2 === 1) yield fromClient(ACK);
  }
  yield fromClient(FIN | ACK);
  mine += 1;
  yield fromServer(FIN | ACK);
  theirs += 1;
  yield fromClient(ACK);
}

function* lookUp(flow: number, query: Uint8Array): Generator<Uint8Array> {
  const { client, server, port } = endsOf(flow);
  yield buildUdp({
    source: client,
    destination: server,
    sourcePort: port,
    destinationPort: PORTS.dns,
    payload: query,
  });
  yield buildUdp({
    source: server,
    destination: client,
    sourcePort: PORTS.dns,
    destinationPort: port,
    payload: query,
  });
}
