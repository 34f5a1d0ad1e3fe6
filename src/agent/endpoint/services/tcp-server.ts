import type { Server, Socket } from 'node:net';
import type { Service } from '../../../model/traffic.ts';
import { logLine } from '../log-file.ts';
import type { LogFile } from '../log-file.ts';
import { listenTcp } from './listen.ts';
import { logCounters, newCounters } from './running-service.ts';
import type { RunningService } from './running-service.ts';

export interface TcpServerOptions {
  readonly service: Service;
  readonly log: LogFile;
  /** The service's own unless given. */
  readonly port?: number;
  /** Makes the server of one address; it may add `connection` listeners of its own. */
  createServer(): Server;
  /** What the log says of a connection, by its name, besides addresses, bytes and its end; asked once, when it has ended. */
  describe?(connection: string): string;
}

/** Milliseconds that clients which are done have to close their connections when the service stops. */
const CLIENT_CLOSES_WITHIN = 300;
/** Milliseconds that bytes on their way out have after that. */
const FLUSH_LIMIT = 500;

/** Listens on every address of a service, counts, logs a line for each connection that has ended, and can end them all. */
export async function startTcpServer(options: TcpServerOptions): Promise<RunningService> {
  const { service, log } = options;
  const sockets = new Set<Socket>();
  const counters = newCounters();
  const onConnection = (socket: Socket): void => {
    const start = performance.now();
    const connection = connectionName(socket);
    let ending = 'closed';
    sockets.add(socket);
    counters.accepted += 1;
    socket.on('error', (error) => {
      ending = error.message;
      counters.failed += 1;
    });
    socket.once('close', () => {
      sockets.delete(socket);
      counters.received += socket.bytesRead;
      counters.sent += socket.bytesWritten;
      const bytes = `${socket.bytesRead} B in, ${socket.bytesWritten} B out`;
      const lasted = `${(performance.now() - start).toFixed(1)} ms`;
      const more = options.describe?.(connection) ?? '';
      logLine(log, [connection, bytes, lasted, more, ending].filter(Boolean).join(', '));
    });
  };
  const servers = service.addresses.map(() => options.createServer());
  const close = async (): Promise<void> => {
    const closed = servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
        }),
    );
    // A client's last segments may still be on their way: closing before they come would answer them with a RST.
    const ending = setTimeout(() => {
      for (const socket of sockets) socket.destroySoon();
    }, CLIENT_CLOSES_WITHIN);
    // A peer that has stopped reading would keep what is still to be sent for ever.
    const cutting = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, CLIENT_CLOSES_WITHIN + FLUSH_LIMIT);
    await Promise.all(closed);
    clearTimeout(ending);
    clearTimeout(cutting);
    logCounters(log, 'connections', counters);
  };
  for (const server of servers) server.on('connection', onConnection);
  await Promise.all(
    servers.map((server, index) =>
      listenTcp(server, service, service.addresses[index] ?? '', options.port),
    ),
  );
  return { close };
}

/** Peer and own end, such as `10.0.0.1:40000 > 10.0.0.2:443`; only known while the socket is open. */
export const connectionName = (socket: Socket): string =>
  `${end(socket.remoteAddress, socket.remotePort)} > ${end(socket.localAddress, socket.localPort)}`;

const end = (address: string | undefined, port: number | undefined): string =>
  address?.includes(':') === true
    ? `[${address}]:${port ?? '?'}`
    : `${address ?? '?'}:${port ?? '?'}`;
