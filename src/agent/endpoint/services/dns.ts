import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Service, ServeSpec } from '../../../model/traffic.ts';
import { createDnsFramer, frameDns } from '../../../traffic/dns-frame.ts';
import { answerDnsQuery } from '../../../traffic/dns-server.ts';
import { createZone } from '../../../traffic/dns-zone.ts';
import type { Zone } from '../../../traffic/dns-zone.ts';
import { invariant } from '../../../base/invariant.ts';
import type { LogFile } from '../log-file.ts';
import type { Credentials } from '../protocol.ts';
import { createDohServer } from './doh.ts';
import type { RunningService } from './running-service.ts';
import { startTcpServer } from './tcp-server.ts';
import { startUdpServer } from './udp-server.ts';

type DnsSpec = Extract<ServeSpec, { kind: 'dns' }>;

/** Milliseconds after which a silent connection is closed (RFC 7766 section 6.2.3 leaves the figure to the server). */
const IDLE_LIMIT = 10_000;

/** Answers from the scenario's records, over UDP and TCP, and over TLS and HTTPS where asked to. */
export async function startDns(
  service: Service,
  spec: DnsSpec,
  log: LogFile,
  credentials: Credentials | null,
): Promise<RunningService> {
  const zone = createZone(spec.records, spec.ttl);
  const onConnection = (socket: Socket): void => answerStream(socket, zone);
  const servers = await Promise.all([
    startUdpServer(service, log, (query) => answerDnsQuery(zone, query, 'udp')),
    startTcpServer({ service, log, createServer: () => createServer(onConnection) }),
    ...(await secureServers(service, spec, credentials, log, zone)),
  ]);
  return {
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function secureServers(
  service: Service,
  { secure }: DnsSpec,
  credentials: Credentials | null,
  log: LogFile,
  zone: Zone,
): Promise<Promise<RunningService>[]> {
  if (secure === undefined) return [];
  invariant(credentials, 'A dns service over TLS comes with its credentials');
  const options = { key: credentials.key, cert: credentials.certificate };
  const [tls, http2] = await Promise.all([import('node:tls'), import('node:http2')]);
  const { dot, doh } = secure;
  const overTls = (): Promise<RunningService>[] =>
    dot === null
      ? []
      : [
          startTcpServer({
            ...{ service, log, port: dot },
            createServer: () =>
              tls.createServer({ ...options, ALPNProtocols: ['dot'] }, (socket) =>
                answerStream(socket, zone),
              ),
          }),
        ];
  const overHttps = (): Promise<RunningService>[] =>
    doh === null
      ? []
      : [
          startTcpServer({
            ...{ service, log, port: doh },
            createServer: () => createDohServer(http2, options, zone),
          }),
        ];
  return [...overTls(), ...overHttps()];
}

function answerStream(socket: Socket, zone: Zone): void {
  const framer = createDnsFramer();
  socket.setTimeout(IDLE_LIMIT, () => socket.end());
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    for (const query of framer.push(bytes)) {
      const answer = answerDnsQuery(zone, query, 'tcp');
      if (answer) socket.write(frameDns(answer));
    }
  });
}
