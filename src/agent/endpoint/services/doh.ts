import type * as Http2 from 'node:http2';
import type { Server } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { DNS_MESSAGE, dohQuery } from '../../../traffic/doh.ts';
import { answerDnsQuery } from '../../../traffic/dns-server.ts';
import type { Zone } from '../../../traffic/dns-zone.ts';

/** DNS over HTTPS (RFC 8484) at any path, in both versions of HTTP. */
export function createDohServer(
  http2: typeof Http2,
  options: SecureContextOptions,
  zone: Zone,
): Server {
  return http2.createSecureServer({ ...options, allowHTTP1: true }, (request, response) => {
    void readBody(request).then((body) => {
      const { method, url } = request;
      const query = dohQuery(method, url, request.headers['content-type'], body);
      const answer = query.ok ? answerDnsQuery(zone, query.value, 'tcp') : null;
      if (answer) {
        response.setHeader('Content-Type', DNS_MESSAGE);
        response.setHeader('Content-Length', answer.length);
        response.end(Buffer.from(answer));
      } else {
        response.statusCode = query.ok ? 400 : query.error;
        response.end();
      }
    });
  });
}

/** Bytes of the longest DNS message. */
const BODY_LIMIT = 65_535;

/** The body; one that is too long or cut short is empty, which is no query. */
function readBody(request: Http2.Http2ServerRequest): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (bytes: Buffer) => {
      size += bytes.length;
      if (size <= BODY_LIMIT) parts.push(bytes);
    });
    request.once('end', () => resolve(size <= BODY_LIMIT ? Buffer.concat(parts) : Buffer.alloc(0)));
    request.once('aborted', () => resolve(Buffer.alloc(0)));
  });
}
