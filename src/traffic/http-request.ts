/** What a probe asks for. */
export interface HttpRequest {
  readonly method: string;
  /** The request target as written on the request line. */
  readonly path: string;
  /** The Host header exactly as it goes out. */
  readonly host: string;
}

/** The head of an HTTP/1.1 request (RFC 9112 section 3) that asks the server to close when it has answered. */
export const httpRequestHead = (request: HttpRequest): string =>
  [
    `${request.method} ${request.path} HTTP/1.1`,
    `Host: ${request.host}`,
    'User-Agent: netscenario',
    'Accept: */*',
    'Connection: close',
    '',
    '',
  ].join('\r\n');
