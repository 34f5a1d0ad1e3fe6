// Requests and responses of either version of HTTP, as Node has them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { TLSSocket } from 'node:tls';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

/** HTTP/2 has a pseudo field in place of Host (RFC 9113 section 8.3.1). */
export function hostOf({ headers }: Request): string {
  const authority = headers[':authority'];
  return headers.host ?? (typeof authority === 'string' ? authority : '');
}

/** What the log says of a handshake that was done. */
export function describeHandshake(socket: TLSSocket): string {
  const orNone = (value: unknown): string =>
    typeof value === 'string' && value !== '' ? value : 'none';
  const sni = 'servername' in socket ? socket.servername : undefined;
  return `sni ${orNone(sni)}, alpn ${orNone(socket.alpnProtocol)}`;
}

/** Takes what is kept of a connection that has ended. */
export function take<T>(map: Map<string, T>, key: string): T | undefined {
  const value = map.get(key);
  map.delete(key);
  return value;
}
