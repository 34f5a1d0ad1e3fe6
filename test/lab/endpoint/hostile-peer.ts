// A program that misbehaves on purpose, one way a port: run in a node, it says "ready" when every port is open.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createAuthority } from '../../../src/agent/endpoint/authority.ts';
import { DNS_TYPE, buildDnsAnswer, parseDns } from '../../../src/wire/dns.ts';

export const PEER_PORT = {
  resetOnData: 8001,
  resetAfterHalf: 8002,
  finOnData: 8003,
  silent: 8004,
  noHttp: 8005,
  finAfterHalf: 8006,
  tamperingEcho: 8007,
  foreignTls: 8008,
  oldTls: 8009,
  otherGroup: 8010,
  asksForCertificate: 8011,
  racingDns: 8053,
} as const;

const HALF_PAGE = `HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n${'x'.repeat(1000)}`;

/** Waits for the first bytes of a connection and then answers with `act`. */
const onData =
  (act: (socket: Socket) => void) =>
  (socket: Socket): void => {
    socket.on('error', () => undefined).once('data', () => act(socket));
  };

/** Lets what was written arrive before a RST throws it away. */
const resetAfter = (socket: Socket, text: string): void => {
  socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 100));
};

const PAGE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';

const foreign = createAuthority().issue('foreign', ['www.example']);

const FOREIGN = { key: foreign.key, cert: foreign.certificate };

const SERVERS: readonly (readonly [number, Server])[] = [
  [PEER_PORT.resetOnData, createServer(onData((socket) => socket.resetAndDestroy()))],
  [PEER_PORT.resetAfterHalf, createServer(onData((socket) => resetAfter(socket, HALF_PAGE)))],
  [PEER_PORT.finOnData, createServer(onData((socket) => socket.end()))],
  [PEER_PORT.silent, createServer(onData(() => undefined))],
  [PEER_PORT.noHttp, createServer(onData((socket) => socket.end('SSH-2.0-peer\r\n')))],
  [PEER_PORT.finAfterHalf, createServer(onData((socket) => socket.end(HALF_PAGE)))],
  [
    PEER_PORT.tamperingEcho,
    createServer((socket) =>
      socket.on('error', () => undefined).on('data', (bytes) => socket.write(bytes.fill(0, 5, 6))),
    ),
  ],
  [PEER_PORT.foreignTls, createTlsServer(FOREIGN)],
  [PEER_PORT.oldTls, createTlsServer({ ...FOREIGN, maxVersion: 'TLSv1.2' })],
  [PEER_PORT.otherGroup, createTlsServer({ ...FOREIGN, ecdhCurve: 'P-384' })],
  [
    PEER_PORT.asksForCertificate,
    createTlsServer(
      { ...FOREIGN, requestCert: true, rejectUnauthorized: false },
      onData((socket) => socket.end(PAGE)),
    ),
  ],
];

async function openAll(): Promise<void> {
  for (const [port, server] of SERVERS) {
    server.listen(port, '0.0.0.0');
    await once(server, 'listening');
  }
  const dns = createSocket('udp4');
  dns.on('message', (bytes, { port, address }) => {
    const query = parseDns(bytes);
    if (!query.ok) return;
    const answer = (id: number, value: string): void => {
      const message = buildDnsAnswer(
        { ...query.value, id },
        {
          rcode: 'NOERROR',
          authoritative: true,
          recursionAvailable: true,
          answers: [{ name: 'www.example', type: DNS_TYPE.A, class: 1, ttl: 1, value }],
        },
      );
      if (message.ok) dns.send(message.value, port, address);
    };
    answer(query.value.id ^ 1, '10.66.66.66');
    answer(query.value.id, '10.0.0.1');
    answer(query.value.id, '10.0.0.2');
  });
  dns.bind(PEER_PORT.racingDns);
  await once(dns, 'listening');
  process.stdout.write('ready\n');
}

if (process.argv[2] === 'run') await openAll();
