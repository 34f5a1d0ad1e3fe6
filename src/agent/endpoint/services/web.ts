import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { ServeSpec, Service } from '../../../model/traffic.ts';
import { chooseSite } from '../../../traffic/http-site.ts';
import type { LogFile } from '../log-file.ts';
import type { Credentials } from '../protocol.ts';
import { pageOfSize } from './page.ts';
import type { RunningService } from './running-service.ts';
import { connectionName, startTcpServer } from './tcp-server.ts';

type HttpSpec = Extract<ServeSpec, { kind: 'http' }>;
type TlsSpec = Extract<ServeSpec, { kind: 'tls' }>;

/** A plain HTTP/1.1 server: the site of the Host header, or else a page of the size asked for. */
export async function startHttp(
  service: Service,
  spec: HttpSpec,
  log: LogFile,
): Promise<RunningService> {
  const { createServer } = await import('node:http');
  const requests = new Map<string, number>();
  return startTcpServer({
    service,
    log,
    createServer: () =>
      createServer({ noDelay: true }, (request, response) => {
        const connection = connectionName(request.socket);
        requests.set(connection, (requests.get(connection) ?? 0) + 1);
        answer(request, response, spec);
      }),
    describe: (connection) => `${take(requests, connection) ?? 0} requests`,
  });
}

/** HTTP/1.1 over TLS with one certificate for every name; a page of the size asked for whatever the path. */
export async function startTls(
  service: Service,
  spec: TlsSpec,
  log: LogFile,
  credentials: Credentials,
): Promise<RunningService> {
  const { createServer } = await import('node:https');
  // The TLS socket and the TCP socket below it are two objects, but have one name.
  const handshakes = new Map<string, string>();
  const page = { sites: [], size: spec.size };
  const options = {
    key: credentials.key,
    cert: credentials.certificate,
    ALPNProtocols: ['http/1.1'],
    noDelay: true,
  };
  return startTcpServer({
    service,
    log,
    createServer: () => {
      const server = createServer(options, (request, response) => answer(request, response, page));
      server.on('secureConnection', (socket) =>
        handshakes.set(connectionName(socket), handshake(socket)),
      );
      return server;
    },
    describe: (connection) => take(handshakes, connection) ?? 'no handshake',
  });
}

function take<T>(map: Map<string, T>, key: string): T | undefined {
  const value = map.get(key);
  map.delete(key);
  return value;
}

function handshake(socket: TLSSocket): string {
  const orNone = (value: unknown): string =>
    typeof value === 'string' && value !== '' ? value : 'none';
  const sni = 'servername' in socket ? socket.servername : undefined;
  return `sni ${orNone(sni)}, alpn ${orNone(socket.alpnProtocol)}`;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { sites, size }: Pick<HttpSpec, 'sites' | 'size'>,
): void {
  // A body that nobody reads would hold the next request of the connection back.
  request.resume();
  const site = chooseSite(sites, request.headers.host ?? '');
  const body = site ? Buffer.from(site.body) : pageOfSize(size);
  response.statusCode = site?.status ?? 200;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  const length = site ? Buffer.byteLength(site.body) : size;
  if (response.statusCode !== 204) response.setHeader('Content-Length', length);
  if (Buffer.isBuffer(body)) response.end(body);
  else if (request.method === 'HEAD') response.end();
  else body.pipe(response);
}
