// HTTP Archive 1.2 (w3c.github.io/web-performance/specs/HAR), as browsers and proxies save visits: what was answered to which request.
import { member } from '../base/member.ts';
import { type Result, fail, ok } from '../base/result.ts';

export interface HarEntry {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Lower case, without the port; IPv6 addresses in brackets. */
  readonly host: string;
  /** As it was on the wire, percent-encoding included. */
  readonly path: string;
  /** Without the question mark; empty where there is none. */
  readonly query: string;
  readonly status: number;
  /** In their order, with the names as they were written. */
  readonly headers: readonly HarHeader[];
  readonly body: HarBody;
  /** Milliseconds from the end of the request to the first byte of the answer; 0 where that is not known. */
  readonly wait: number;
}

export type HarHeader = readonly [name: string, value: string];

/** The text is that of the content without its transfer encoding and content encoding. */
export type HarBody =
  | { readonly kind: 'text'; readonly text: string; readonly base64: boolean }
  /** The recording does not have it: how many bytes it had on the wire. */
  | { readonly kind: 'missing'; readonly size: number };

export interface Har {
  readonly entries: readonly HarEntry[];
  /** Entries that say nothing of an answer over HTTP: failed and aborted requests, WebSockets, `data:` and `blob:`. */
  readonly skipped: number;
}

export interface HarFault {
  readonly message: string;
  /** In the text, from 0; null where the text as a whole is meant. */
  readonly offset: number | null;
}

export function parseHar(text: string): Result<Har, HarFault> {
  let parsed: unknown;
  try {
    // Some recorders begin with a byte order mark.
    parsed = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return fail(jsonFault(text, error instanceof Error ? error.message : String(error)));
  }
  const entries = member(member(parsed, 'log'), 'entries');
  if (!Array.isArray(entries))
    return fail({ message: 'Expected a list "log.entries", found none', offset: null });
  const read: HarEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    const found = readEntry(entry);
    if (typeof found === 'string')
      return fail({ message: `Entry ${index + 1}: ${found}`, offset: null });
    if (found !== null) read.push(found);
  }
  return ok({ entries: read, skipped: entries.length - read.length });
}

/** Characters before the wrong one in what V8 shows of a long text. */
const CONTEXT = 10;

/** V8 says where a text ends being JSON in one of two ways: by its position, or by what is around it. */
function jsonFault(text: string, reason: string): HarFault {
  const [, what = reason, lead, around = ''] =
    /^(Unexpected token .*?), (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(reason) ?? [];
  const message = `Expected JSON, found: ${what.replace(/ in JSON at position .*$/s, '')}`;
  const position = / at position (\d+)/.exec(reason)?.[1];
  if (position !== undefined) return { message, offset: Number(position) };
  const first = text.indexOf(around);
  const isOnly = lead !== undefined && first === text.lastIndexOf(around);
  return { message, offset: isOnly ? first + CONTEXT : null };
}

/** Null for one that says nothing of an answer; a text says what is wrong with it. */
function readEntry(entry: unknown): HarEntry | null | string {
  const request = member(entry, 'request');
  const response = member(entry, 'response');
  const method = member(request, 'method');
  const target = member(request, 'url');
  const status = member(response, 'status');
  if (typeof method !== 'string' || method === '') return wish('a text "request.method"', method);
  if (typeof target !== 'string') return wish('a text "request.url"', target);
  if (typeof status !== 'number') return wish('a number "response.status"', status);
  if (!/^https?:/i.test(target)) return null;
  if (!Number.isInteger(status) || status < 200 || status > 599) return null;
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url === null) return wish('a URL "request.url"', target);
  const headers = readHeaders(member(response, 'headers'));
  if (typeof headers === 'string') return headers;
  return {
    method: method.toUpperCase(),
    scheme: url.protocol === 'http:' ? 'http' : 'https',
    host: url.hostname.replace(/\.$/, ''),
    path: url.pathname,
    query: url.search.replace(/^\?/, ''),
    // What a cache had is what a new visitor gets.
    status: status === 304 ? 200 : status,
    headers,
    body: readBody(response),
    wait: Math.max(numberOf(member(member(entry, 'timings'), 'wait')), 0),
  };
}

function readHeaders(list: unknown): HarHeader[] | string {
  if (!Array.isArray(list)) return wish('a list "response.headers"', list);
  const headers: HarHeader[] = [];
  for (const header of list) {
    const name = member(header, 'name');
    const value = member(header, 'value');
    if (typeof name !== 'string' || typeof value !== 'string')
      return wish('texts "name" and "value" of each header', header);
    // Chromium joins the values of a name that came several times.
    for (const line of value.split('\n')) headers.push([name, line]);
  }
  return headers;
}

/** Bytes of a body that is made up. */
const LARGEST_BODY = 1024 ** 3;

function readBody(response: unknown): HarBody {
  const content = member(response, 'content');
  const text = member(content, 'text');
  const onWire = numberOf(member(response, 'bodySize'));
  const known = Math.floor(onWire > 0 ? onWire : numberOf(member(content, 'size')));
  const size = Math.min(Math.max(known, 0), LARGEST_BODY);
  if (typeof text !== 'string' || (text === '' && size > 0)) return { kind: 'missing', size };
  return { kind: 'text', text, base64: member(content, 'encoding') === 'base64' };
}

/** -1 is what recorders write for what they do not know. */
const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : -1;

function wish(wished: string, found: unknown): string {
  const text = JSON.stringify(found) as string | undefined;
  const shown = text === undefined ? 'nothing' : text.length > 80 ? `${text.slice(0, 76)}…` : text;
  return `expected ${wished}, found ${shown}`;
}

/** Host names of a recording in its order, each once; addresses are none. */
export function harHosts({ entries }: Har): string[] {
  const hosts = new Set(entries.map(({ host }) => host));
  return [...hosts].filter((host) => !/^(\[.*\]|[\d.]+)$/.test(host));
}
