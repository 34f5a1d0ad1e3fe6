import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Service, ServeSpec } from '../../../model/traffic.ts';
import { createDnsFramer, frameDns } from '../../../traffic/dns-frame.ts';
import { answerDnsQuery } from '../../../traffic/dns-server.ts';
import { createZone } from '../../../traffic/dns-zone.ts';
import type { Zone } from '../../../traffic/dns-zone.ts';
import type { LogFile } from '../log-file.ts';
import type { RunningService } from './running-service.ts';
import { startTcpServer } from './tcp-server.ts';
import { startUdpServer } from './udp-server.ts';

type DnsSpec = Extract<ServeSpec, { kind: 'dns' }>;

/** Milliseconds after which a silent connection is closed (RFC 7766 section 6.2.3 leaves the figure to the server). */
const IDLE_LIMIT = 10_000;

/** Answers from the scenario's records, over UDP and TCP. */
export async function startDns(
  service: Service,
  spec: DnsSpec,
  log: LogFile,
): Promise<RunningService> {
  const zone = createZone(spec.records, spec.ttl);
  const servers = await Promise.all([
    startUdpServer(service, log, (query) => answerDnsQuery(zone, query, 'udp')),
    startTcpServer({
      service,
      log,
      createServer: () => createServer((socket) => answerStream(socket, zone)),
    }),
  ]);
  return {
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

function answerStream(socket: Socket, zone: Zone): void {
  const framer = createDnsFramer();
  socket.setTimeout(IDLE_LIMIT, () => socket.end());
  socket.on('data', (bytes) => {
    for (const query of framer.push(bytes)) {
      const answer = answerDnsQuery(zone, query, 'tcp');
      if (answer) socket.write(frameDns(answer));
    }
  });
}
