// Reads one HTTP/1.1 response from the bytes of a stream as they come, without keeping more than its beginning.
import { latin1 } from '../wire/bytes.ts';
import { chunkedBody, closedBody, countedBody, emptyBody } from './http-body.ts';
import type { BodyReader } from './http-body.ts';

export interface HttpResponseReader {
  /** Takes the next bytes of the stream; those after the response's end are ignored. */
  push(bytes: Uint8Array): void;
  /** The stream has ended; `complete` then says whether that was the response's end as well. */
  end(): void;
  readonly status: number | undefined;
  /** The response was read to its end. */
  readonly complete: boolean;
  /** Why the bytes are no HTTP response; reading is over. */
  readonly fault: string | undefined;
  /** The first bytes of the body as text; bytes that are no UTF-8 are replaced. */
  readonly bodyStart: string;
  /** The first bytes of the body, as many as were asked for. */
  readonly body: Uint8Array;
}

/** Bytes of head after which a stream is taken for something else than HTTP. */
const HEAD_LIMIT = 65_536;
/** Bytes of a body that observations keep. */
export const BODY_START_LIMIT = 1024;

/** `method` decides whether a body follows: none after HEAD (RFC 9112 section 6.3). Keeps `limit` bytes of it. */
export function createHttpResponseReader(
  method: string,
  limit: number = BODY_START_LIMIT,
): HttpResponseReader {
  let head = '';
  let body: BodyReader | undefined;
  let status: number | undefined;
  let fault: string | undefined;
  const kept: number[] = [];

  const readBody = (bytes: Uint8Array): void => {
    if (!body || bytes.length === 0) return;
    fault ??= body.push(bytes, (content) => {
      if (kept.length < limit) kept.push(...content.subarray(0, limit - kept.length));
    });
  };
  const readHead = (bytes: Uint8Array): void => {
    // One character a byte, so that an offset in the text is an offset in the bytes.
    const text = latin1(bytes, 0, Math.min(bytes.length, HEAD_LIMIT + 4));
    const before = head.length;
    head += text;
    if (!'HTTP/1.'.startsWith(head.slice(0, 7))) {
      fault = `The answer does not begin with "HTTP/1.": ${JSON.stringify(head.slice(0, 32))}`;
      return;
    }
    const end = /\r?\n\r?\n/.exec(head);
    if (!end) {
      if (head.length > HEAD_LIMIT) fault = `The head is longer than ${HEAD_LIMIT} bytes`;
      return;
    }
    const rest = bytes.subarray(end.index + end[0].length - before);
    const parsed = parseHead(head.slice(0, end.index));
    head = '';
    if (typeof parsed === 'string') {
      fault = parsed;
    } else if (parsed.status >= 100 && parsed.status < 200 && parsed.status !== 101) {
      // An interim response (RFC 9110 section 15.2): the final one follows.
      if (rest.length > 0) readHead(rest);
    } else {
      ({ status } = parsed);
      const framing = bodyReader(method, parsed);
      if (typeof framing === 'string') fault = framing;
      else body = framing;
      readBody(rest);
    }
  };
  return {
    push: (bytes) => {
      if (fault !== undefined || body?.complete === true) return;
      if (body) readBody(bytes);
      else readHead(bytes);
    },
    end: () => body?.end(),
    get status() {
      return status;
    },
    get complete() {
      return fault === undefined && body?.complete === true;
    },
    get fault() {
      return fault;
    },
    get bodyStart() {
      return new TextDecoder().decode(Uint8Array.from(kept.slice(0, BODY_START_LIMIT)));
    },
    get body() {
      return Uint8Array.from(kept);
    },
  };
}

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

function parseHead(text: string): Head | string {
  const [statusLine = '', ...lines] = text.split(/\r?\n/);
  const status = /^HTTP\/1\.\d (\d{3})(?: |$)/.exec(statusLine)?.[1];
  if (status === undefined)
    return `The status line is malformed: ${JSON.stringify(statusLine.slice(0, 64))}`;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) return `A header line is malformed: ${JSON.stringify(line.slice(0, 64))}`;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return { status: Number(status), headers };
}

/** How long the body is, in the order of RFC 9112 section 6.3. */
function bodyReader(method: string, { status, headers }: Head): BodyReader | string {
  if (method === 'HEAD' || status === 204 || status === 304) return emptyBody();
  const coding = headers.get('transfer-encoding');
  if (coding !== undefined) return /(^|,)\s*chunked$/i.test(coding) ? chunkedBody() : closedBody();
  const length = headers.get('content-length');
  if (length === undefined) return closedBody();
  // Equal repeated values count as one (RFC 9110 section 8.6).
  const values = new Set(length.split(',').map((value) => value.trim()));
  const [only = ''] = values;
  if (values.size !== 1 || !/^\d{1,15}$/.test(only))
    return `The Content-Length is malformed: ${JSON.stringify(length.slice(0, 64))}`;
  return countedBody(Number(only));
}
