// How the body behind a head of HTTP/1.1 ends: RFC 9112 section 6.3, whose order this follows.

export type HttpBody =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** To the end of the stream. */
  | { readonly kind: 'close' }
  /** What follows is no HTTP any more. */
  | { readonly kind: 'tunnel' }
  | { readonly kind: 'fault'; readonly reason: string };

/** The fields of a head that say so; several of one name are joined by commas. Null: there is none. */
export interface HttpBodyFields {
  readonly transferEncoding: string | null;
  readonly contentLength: string | null;
}

const NONE: HttpBody = { kind: 'length', bytes: 0 };
const CHUNKED: HttpBody = { kind: 'chunked' };
const CLOSE: HttpBody = { kind: 'close' };
const TUNNEL: HttpBody = { kind: 'tunnel' };

/** `method`: of the request that it answers; null where that is not known. */
export function responseBody(
  status: number,
  method: string | null,
  fields: HttpBodyFields,
): HttpBody {
  if (status === 101) return TUNNEL;
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return NONE;
  if (method === 'CONNECT' && status < 300) return TUNNEL;
  if (fields.transferEncoding !== null) return isChunked(fields) ? CHUNKED : CLOSE;
  return fields.contentLength === null ? CLOSE : lengthOf(fields.contentLength);
}

export function requestBody(fields: HttpBodyFields): HttpBody {
  if (fields.transferEncoding !== null)
    return isChunked(fields)
      ? CHUNKED
      : {
          kind: 'fault',
          reason: 'The request has a body in an encoding that does not say its end',
        };
  return fields.contentLength === null ? NONE : lengthOf(fields.contentLength);
}

/** Chunked is the last of the encodings, or does not frame. */
const isChunked = ({ transferEncoding }: HttpBodyFields): boolean =>
  /(^|,)[ \t]*chunked[ \t]*$/i.test(transferEncoding ?? '');

/** Of several lengths that are one, that one. */
function lengthOf(text: string): HttpBody {
  const [first = '', ...others] = text.split(',').map((part) => part.trim());
  if (/^\d{1,15}$/.test(first) && others.every((other) => other === first))
    return { kind: 'length', bytes: Number(first) };
  return { kind: 'fault', reason: `The length of the body is no number: ${JSON.stringify(text)}` };
}
