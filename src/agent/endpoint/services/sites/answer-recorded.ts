import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, deflate, gzip } from 'node:zlib';
import {
  type ContentCoding,
  recordedCoding,
  recordedHeaders,
} from '../../../../traffic/web/recorded-headers.ts';
import type { HarEntry } from '../../../../wire/har.ts';
import type { Request, Response } from '../http-message.ts';
import { pageOfSize } from '../page.ts';

/** Milliseconds that no answer waits longer than, whatever was recorded. */
const LONGEST_WAIT = 60_000;

/** Bodies in codings are kept: the same visit comes again and again. */
export type CodedBodies = Map<HarEntry, Promise<Buffer>>;

export interface RecordedOptions {
  readonly timing: 'none' | 'recorded';
  readonly coded: CodedBodies;
}

/** Sends an answer as it was recorded: after the same time if it is asked to, and with a body of the same coding. */
export async function answerRecorded(
  request: Request,
  response: Response,
  entry: HarEntry,
  { timing, coded }: RecordedOptions,
): Promise<void> {
  const accepted = request.headers['accept-encoding'];
  const coding =
    entry.body.kind === 'text'
      ? recordedCoding(entry.headers, [accepted ?? ''].flat().join(','))
      : null;
  const body = await bodyOf(entry, coding, coded);
  if (timing === 'recorded')
    await delay(Math.min(entry.wait, LONGEST_WAIT), undefined, { ref: false });
  if (response.destroyed) return;
  response.statusCode = entry.status;
  for (const [name, values] of recordedHeaders(entry.headers))
    response.setHeader(name, values.length === 1 ? (values[0] ?? '') : [...values]);
  if (coding !== null) response.setHeader('Content-Encoding', coding);
  // Neither has a body, nor a length (RFC 9110 section 8.6).
  if (entry.status === 204 || entry.status === 205) {
    response.end();
    return;
  }
  response.setHeader('Content-Length', body.kind === 'bytes' ? body.bytes.length : body.size);
  if (request.method === 'HEAD') response.end();
  else if (body.kind === 'bytes') response.end(body.bytes);
  else sendPage(response, body.size);
}

type SentBody =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'page'; readonly size: number };

/** What the recording does not have is made up, of the size that it had. */
async function bodyOf(
  entry: HarEntry,
  coding: ContentCoding | null,
  coded: CodedBodies,
): Promise<SentBody> {
  const { body } = entry;
  if (body.kind === 'missing') return { kind: 'page', size: body.size };
  const plain = Buffer.from(body.text, body.base64 ? 'base64' : 'utf8');
  if (coding === null) return { kind: 'bytes', bytes: plain };
  const known = coded.get(entry) ?? encode(plain, coding);
  coded.set(entry, known);
  return { kind: 'bytes', bytes: await known };
}

const [gzipOf, deflateOf, brotliOf] = [
  promisify(gzip),
  promisify(deflate),
  promisify(brotliCompress),
];

/** As most servers do on the fly: brotli's highest quality takes seconds for a megabyte. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

function encode(plain: Buffer, coding: ContentCoding): Promise<Buffer> {
  switch (coding) {
    case 'gzip':
      return gzipOf(plain);
    case 'deflate':
      return deflateOf(plain);
    case 'br':
      return brotliOf(plain, BROTLI);
  }
}

function sendPage(response: Response, size: number): void {
  const page = pageOfSize(size);
  if (Buffer.isBuffer(page)) response.end(page);
  else page.pipe(response);
}
