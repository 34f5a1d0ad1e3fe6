/** What a probe asks for. */
export interface HttpRequest {
  readonly method: string;
  /** The request target as written on the request line. */
  readonly path: string;
  /** The Host header exactly as it goes out. */
  readonly host: string;
}

/**
 * The head of an HTTP/1.1 request (RFC 9112 section 3). It does not ask the server to close: a server that closes at once
 * answers the TLS closure alert, which crosses its FIN, with a RST.
 */
export const httpRequestHead = (request: HttpRequest): string =>
  [
    `${request.method} ${request.path} HTTP/1.1`,
    `Host: ${request.host}`,
    'User-Agent: netscenario',
    'Accept: */*',
    '',
    '',
  ].join('\r\n');
