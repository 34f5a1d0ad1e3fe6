import type { Server } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import type { ServeSpec, Service } from '../../../model/traffic.ts';
import { chooseSite } from '../../../traffic/http-site.ts';
import type { LogFile } from '../log-file.ts';
import type { Credentials } from '../protocol.ts';
import { serveEither } from './either-http.ts';
import { type Request, type Response, describeHandshake, hostOf, take } from './http-message.ts';
import { pageOfSize } from './page.ts';
import type { RunningService } from './running-service.ts';
import { connectionName, startTcpServer } from './tcp-server.ts';

type HttpSpec = Extract<ServeSpec, { kind: 'http' }>;
type TlsSpec = Extract<ServeSpec, { kind: 'tls' }>;

/** A plain HTTP server of both versions: the site of the Host header, or else a page of the size asked for. */
export async function startHttp(
  service: Service,
  spec: HttpSpec,
  log: LogFile,
): Promise<RunningService> {
  const [http1, http2] = await Promise.all([import('node:http'), import('node:http2')]);
  const requests = new Map<string, number>();
  return startTcpServer({
    service,
    log,
    createServer: () => {
      const onRequest = (request: Request, response: Response): void => {
        const connection = connectionName(request.socket);
        requests.set(connection, (requests.get(connection) ?? 0) + 1);
        answer(request, response, spec);
      };
      return serveEither(http1.createServer(onRequest), http2.createServer(onRequest));
    },
    describe: (connection) => `${take(requests, connection) ?? 0} requests`,
  });
}

/** HTTP over TLS, of version 2 where asked to, with one certificate for every name; a page of the size asked for whatever the path. */
export async function startTls(
  service: Service,
  spec: TlsSpec,
  log: LogFile,
  credentials: Credentials,
): Promise<RunningService> {
  // The TLS socket and the TCP socket below it are two objects, but have one name.
  const handshakes = new Map<string, string>();
  const page = { sites: [], size: spec.size };
  const options = {
    key: credentials.key,
    cert: credentials.certificate,
  };
  const createSecureServer = await secureServers(options, spec.http2 ?? false);
  return startTcpServer({
    service,
    log,
    createServer: () => {
      const server = createSecureServer((request, response) => answer(request, response, page));
      server.on('secureConnection', (socket: TLSSocket) =>
        handshakes.set(connectionName(socket), describeHandshake(socket)),
      );
      return server;
    },
    describe: (connection) => take(handshakes, connection) ?? 'no handshake',
  });
}

/** Makes servers of HTTP/1.1 alone, or of both versions as the client's protocols say. */
async function secureServers(
  options: SecureContextOptions,
  http2: boolean,
): Promise<(onRequest: (request: Request, response: Response) => void) => Server> {
  if (http2) {
    const { createSecureServer } = await import('node:http2');
    return (onRequest) => createSecureServer({ ...options, allowHTTP1: true }, onRequest);
  }
  const { createServer } = await import('node:https');
  return (onRequest) => createServer({ ...options, ALPNProtocols: ['http/1.1'] }, onRequest);
}

function answer(
  request: Request,
  response: Response,
  { sites, size }: Pick<HttpSpec, 'sites' | 'size'>,
): void {
  // A body that nobody reads would hold the next request of the connection back.
  request.resume();
  const site = chooseSite(sites, hostOf(request));
  const body = site ? Buffer.from(site.body) : pageOfSize(size);
  response.statusCode = site?.status ?? 200;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  const length = site ? Buffer.byteLength(site.body) : size;
  if (response.statusCode !== 204) response.setHeader('Content-Length', length);
  if (Buffer.isBuffer(body)) response.end(body);
  else if (request.method === 'HEAD') response.end();
  else body.pipe(response);
}
