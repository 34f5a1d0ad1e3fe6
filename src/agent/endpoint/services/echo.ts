import { createServer } from 'node:net';
import type { Service } from '../../../model/traffic.ts';
import type { LogFile } from '../log-file.ts';
import type { RunningService } from './running-service.ts';
import { startTcpServer } from './tcp-server.ts';
import { startUdpServer } from './udp-server.ts';

/** Sends back what comes (RFC 862), and closes when the peer has. */
export const startTcpEcho = (service: Service, log: LogFile): Promise<RunningService> =>
  startTcpServer({
    service,
    log,
    createServer: () =>
      createServer({ allowHalfOpen: true, noDelay: true }, (socket) => socket.pipe(socket)),
  });

/** Sends each datagram back to where it came from (RFC 862). */
export const startUdpEcho = (service: Service, log: LogFile): Promise<RunningService> =>
  startUdpServer(service, log, (datagram) => datagram);
