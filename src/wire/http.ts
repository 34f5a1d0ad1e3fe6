// The head of an HTTP/1 request (RFC 9112 sections 2.2, 3 and 6.3) as a reader in the middle takes it: tolerant of what servers tolerate,
// and able to tell "more is needed" from "this is not HTTP".
import { latin1, readU8 } from './bytes.ts';

/** Heads longer than this are not waited for; common servers refuse them too (431). */
export const MAX_HTTP_HEAD = 32_768;
/** No registered method is longer than 17 letters (UPDATEREDIRECTREF). */
const MAX_METHOD = 24;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface HttpRequestHead {
  /** As spelled: methods are case-sensitive. */
  readonly method: string;
  readonly target: string;
  /** Path and query; of an absolute-form target without scheme and authority. */
  readonly path: string;
  /** Such as `1.1`. */
  readonly version: string;
  /** From the Host header, or from the target when there is none; lower case, without port. Empty when neither has one. */
  readonly host: string;
  /** Lines of the header section as spelled, without their ends. */
  readonly headers: readonly string[];
  /**
   * Whether a parser without tolerance recognises it: nothing before the request line, a method in capitals, single spaces, HTTP/1.0 or
   * 1.1, lines that end with CR and LF, and the host spelled `Host: ` with one space.
   */
  readonly canonical: boolean;
  /** All of it as spelled, from the method to the empty line, one character a byte (ISO 8859-1). */
  readonly text: string;
  /** How the body that follows is framed: a number of bytes, in chunks, or unreadable from here on (CONNECT). */
  readonly body: number | 'chunked' | 'tunnel';
}

export type HttpReading =
  | { readonly kind: 'more' }
  | { readonly kind: 'not-http'; readonly reason: string }
  | {
      readonly kind: 'request';
      readonly head: HttpRequestHead;
      /** Bytes of the range up to the body. */
      readonly length: number;
    };

const MORE: HttpReading = { kind: 'more' };
const notHttp = (reason: string): HttpReading => ({ kind: 'not-http', reason });

/** Reads the request whose first bytes the range holds. */
export function readHttpRequest(memory: Uint8Array, start: number, end: number): HttpReading {
  // Empty lines before a request are ignored (RFC 9112 section 2.2).
  let first = start;
  while (first < end && isLineEnd(readU8(memory, first))) first += 1;
  const methodFault = checkMethod(memory, first, end);
  if (methodFault !== null) return notHttp(methodFault);
  const lineEnd = findByte(memory, first, end, LINE_FEED);
  const tooLong = end - start > MAX_HTTP_HEAD;
  if (lineEnd < 0) return tooLong ? notHttp('Request line is too long') : MORE;
  const line = latin1(memory, first, lineEnd).replace(/\r$/, '');
  const words = splitRequestLine(line);
  if (words === null) return notHttp('First line is not a request line');
  const headEnd = findHeadEnd(memory, lineEnd + 1, end);
  if (headEnd < 0) return tooLong ? notHttp('Request head is too long') : MORE;
  const text = latin1(memory, first, headEnd);
  const head = makeHead(words, text, text.slice(lineEnd + 1 - first), first === start);
  return { kind: 'request', head, length: headEnd - start };
}

interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly version: string;
}

/** Its three words, however many spaces part them; null when the last is no version. */
function splitRequestLine(line: string): RequestLine | null {
  const methodEnd = line.indexOf(' ');
  const versionStart = line.lastIndexOf(' ') + 1;
  const target = line.slice(methodEnd, versionStart).trim();
  const version = /^HTTP\/(\d(?:\.\d)?)$/.exec(line.slice(versionStart))?.[1];
  if (target === '' || version === undefined) return null;
  return { method: line.slice(0, methodEnd), target, version };
}

function makeHead(
  { method, target, version }: RequestLine,
  text: string,
  section: string,
  isFirst: boolean,
): HttpRequestHead {
  const fields = parseFields(section);
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/i.exec(target);
  const authority = absolute?.[1] ?? (method === 'CONNECT' ? target : '');
  const path = absolute ? originForm(absolute[2] ?? '') : target;
  return {
    method,
    target,
    path,
    version,
    host: hostOf(fields.get('host') ?? authority),
    headers: section.split(/\r?\n/).slice(0, -2),
    canonical: isFirst && isCanonical(text),
    text,
    body: bodyOf(method, fields),
  };
}

/** Whether it is spelled as RFC 9112 section 3 has it, letter for letter, and its host as browsers do. */
const isCanonical = (text: string): boolean =>
  /^[A-Z]+ [^ \r\n]+ HTTP\/1\.[01]\r\n/.test(text) &&
  /\r\nHost: [^ \r\n]+\r\n/.test(text) &&
  !/(^|[^\r])\n/.test(text);

const originForm = (rest: string): string => (rest.startsWith('/') ? rest : `/${rest}`);

function bodyOf(method: string, fields: ReadonlyMap<string, string>): HttpRequestHead['body'] {
  // An Upgrade is a wish: servers may ignore it, and then requests follow (RFC 9110 section 7.8).
  if (method === 'CONNECT') return 'tunnel';
  // Transfer-Encoding overrides Content-Length (RFC 9112 section 6.3).
  if (/chunked\s*$/i.test(fields.get('transfer-encoding') ?? '')) return 'chunked';
  const length = fields.get('content-length') ?? '0';
  return /^\d{1,15}$/.test(length) ? Number(length) : 'tunnel';
}

/** Without user information, port and brackets, lower case. */
function hostOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  return bracketed?.[1] ?? host.replace(/:\d*$/, '');
}

/** Names in lower case; of a repeated field the first. A folded line continues the value before it. */
function parseFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== '' && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/** Null while the bytes can still be a method and the space after it. */
function checkMethod(memory: Uint8Array, start: number, end: number): string | null {
  for (let at = start; at < end; at += 1) {
    const byte = readU8(memory, at);
    if (byte === SPACE && at > start) return null;
    if (at - start >= MAX_METHOD) return 'Method is too long';
    if (!isMethodByte(byte)) return 'First bytes are not a method';
  }
  return null;
}

/** The offset after the empty line that ends the header fields, or -1. */
function findHeadEnd(memory: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end;) {
    const lineEnd = findByte(memory, at, end, LINE_FEED);
    if (lineEnd < 0) return -1;
    const isEmpty =
      lineEnd === at || (lineEnd === at + 1 && readU8(memory, at) === CARRIAGE_RETURN);
    if (isEmpty) return lineEnd + 1;
    at = lineEnd + 1;
  }
  return -1;
}

/** Looks no further than `end`: the memory may be a ring of many megabytes. */
function findByte(memory: Uint8Array, start: number, end: number, byte: number): number {
  const at = memory.subarray(start, end).indexOf(byte);
  return at < 0 ? -1 : start + at;
}

const isLineEnd = (byte: number): boolean => byte === LINE_FEED || byte === CARRIAGE_RETURN;

/** Letters, digits and the marks of a token that methods use (RFC 9110 section 5.6.2). */
const isMethodByte = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  (byte >= 0x30 && byte <= 0x39) ||
  byte === 0x2d ||
  byte === 0x5f;
