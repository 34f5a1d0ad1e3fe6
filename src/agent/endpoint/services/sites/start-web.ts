import type { TLSSocket } from 'node:tls';
import type { Server } from 'node:net';
import { invariant } from '../../../../base/invariant.ts';
import type { Service } from '../../../../model/traffic.ts';
import type { WebSpec } from '../../../../model/web.ts';
import { chooseSite, hostName } from '../../../../traffic/http-site.ts';
import { type LogFile, logLine } from '../../log-file.ts';
import type { ServiceSetup } from '../../protocol.ts';
import { serveEither } from '../either-http.ts';
import { type Request, type Response, describeHandshake, hostOf, take } from '../http-message.ts';
import type { RunningService } from '../running-service.ts';
import { connectionName, startTcpServer } from '../tcp-server.ts';
import { answerFile } from './answer-file.ts';
import { type CodedBodies, answerRecorded } from './answer-recorded.ts';
import { answerStatus } from './answer-status.ts';
import { siteCertificates } from './certificates.ts';
import { type WebContent, openContent } from './content.ts';
import { MissingAnswers } from './missing-answers.ts';

type Setup = Pick<ServiceSetup, 'credentials' | 'sites' | 'folder'>;

/** Serves folders and recordings over HTTP and HTTPS, each in both versions. */
export async function startWeb(
  service: Service,
  spec: WebSpec,
  log: LogFile,
  { credentials, sites = {}, folder }: Setup,
): Promise<RunningService> {
  const [http1, http2] = await Promise.all([import('node:http'), import('node:http2')]);
  const missing = new MissingAnswers();
  const answer = createAnswer(spec, await openContent(spec, folder), missing, log);
  const requests = new Map<string, number>();
  const handshakes = new Map<string, string>();
  const takeRequest =
    (scheme: 'http' | 'https') =>
    (request: Request, response: Response): void => {
      const connection = connectionName(request.socket);
      requests.set(connection, (requests.get(connection) ?? 0) + 1);
      answer(request, response, scheme);
    };
  const plain = (): Server =>
    serveEither(http1.createServer(takeRequest('http')), http2.createServer(takeRequest('http')));
  const secure = (): Server => {
    invariant(credentials, 'A web service over HTTPS comes with its credentials');
    const certificates = siteCertificates(credentials, new Map(Object.entries(sites)));
    const server = http2.createSecureServer(
      { ...certificates, allowHTTP1: true },
      takeRequest('https'),
    );
    server.on('secureConnection', (socket: TLSSocket) =>
      handshakes.set(connectionName(socket), describeHandshake(socket)),
    );
    return server;
  };
  const describe = (connection: string): string =>
    [take(handshakes, connection), `${take(requests, connection) ?? 0} requests`]
      .filter(Boolean)
      .join(', ');
  const { http, https } = spec.ports;
  const servers = await Promise.all([
    ...(http === null
      ? []
      : [startTcpServer({ service, log, port: http, createServer: plain, describe })]),
    ...(https === null
      ? []
      : [startTcpServer({ service, log, port: https, createServer: secure, describe })]),
  ]);
  return {
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
    shortfall: () => missing.shortfall(service.name),
  };
}

type Answer = (request: Request, response: Response, scheme: 'http' | 'https') => void;

/** A folder of the name that is asked for comes before a recording, and a recording before the folder of any name. */
function createAnswer(
  { timing }: WebSpec,
  { sites, recorded }: WebContent,
  missing: MissingAnswers,
  log: LogFile,
): Answer {
  const coded: CodedBodies = new Map();
  return (request, response, scheme) => {
    // A body that nobody reads would hold the next request of the connection back.
    request.resume();
    response.on('error', () => undefined);
    const host = hostName(hostOf(request));
    const site = chooseSite(sites, host);
    if (!recorded.has(host) || (site !== undefined && site.host !== '*')) {
      if (site === undefined) answerStatus(response, 404);
      else answerFile(request, response, site);
      return;
    }
    const { method = 'GET', url: target = '/' } = request;
    const entry = recorded.find({ method, scheme, host, target });
    if (entry === null) {
      missing.add(method, `${scheme}://${host}${target}`);
      answerStatus(response, 404);
      return;
    }
    answerRecorded(request, response, entry, { timing, coded }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      logLine(log, `${method} ${scheme}://${host}${target} could not be answered: ${reason}`);
      response.destroy();
    });
  };
}
