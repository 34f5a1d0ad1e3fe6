// What a server of TLS 1.3 says in its handshake: RFC 8446 section 4. Reading never throws: null is malformed.
import { latin1, readU16, readU24, readU8 } from './bytes.ts';
import { TLS_EXTENSION } from './tls.ts';

/** Handshake types (RFC 8446 section 4). */
export const TLS_MESSAGE = {
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  certificateRequest: 13,
  certificateVerify: 15,
  finished: 20,
  keyUpdate: 24,
} as const;

/** SHA-256 of "HelloRetryRequest", in the place of a random (section 4.1.3). */
const RETRY = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

export interface ServerHello {
  readonly isRetry: boolean;
  readonly cipherSuite: number;
  /** Of the supported_versions extension; before TLS 1.3 there is none. */
  readonly version: number | null;
  /** Null where the server sends none; in a retry the key is empty. */
  readonly keyShare: { readonly group: number; readonly key: Uint8Array } | null;
  /** The extension's data, to be sent back as it is; null where there is none. */
  readonly cookie: Uint8Array | null;
}

const NO_EXTENSIONS: ReadonlyMap<number, Uint8Array> = new Map();

/** `body` is the message without its header, here and below. */
export function readServerHello(body: Uint8Array): ServerHello | null {
  const RANDOM = 2;
  const SESSION = 34;
  const suite = SESSION + 1 + readU8(body, SESSION);
  const extensions = suite + 3;
  if (suite + 3 > body.length) return null;
  const random = body.subarray(RANDOM, SESSION);
  const isRetry = hex(random) === RETRY;
  const found = extensions === body.length ? NO_EXTENSIONS : readExtensions(body, extensions);
  if (!found) return null;
  const version = found.get(TLS_EXTENSION.supportedVersions);
  const share = found.get(TLS_EXTENSION.keyShare);
  return {
    isRetry,
    cipherSuite: readU16(body, suite),
    version: version ? readU16(version, 0) : null,
    keyShare: share ? { group: readU16(share, 0), key: share.subarray(4) } : null,
    cookie: found.get(TLS_EXTENSION.cookie) ?? null,
  };
}

/** The protocol that the server took (RFC 7301 section 3.1); empty for none, null when malformed. */
export function readEncryptedExtensions(body: Uint8Array): { readonly alpn: string } | null {
  const found = readExtensions(body, 0);
  if (!found) return null;
  const alpn = found.get(TLS_EXTENSION.alpn);
  return { alpn: alpn ? latin1(alpn, 3, Math.min(alpn.length, 3 + readU8(alpn, 2))) : '' };
}

/** The chain in DER, the server's own certificate first (section 4.4.2). */
export function readCertificates(body: Uint8Array): Uint8Array[] | null {
  const start = 1 + readU8(body, 0);
  const end = start + 3 + readU24(body, start);
  if (end !== body.length) return null;
  const chain: Uint8Array[] = [];
  for (let at = start + 3; at < end;) {
    const stop = at + 3 + readU24(body, at);
    if (stop + 2 > end) return null;
    chain.push(body.subarray(at + 3, stop));
    at = stop + 2 + readU16(body, stop);
  }
  return chain;
}

export interface CertificateVerify {
  readonly scheme: number;
  readonly signature: Uint8Array;
}

export function readCertificateVerify(body: Uint8Array): CertificateVerify | null {
  if (body.length < 4 || body.length !== 4 + readU16(body, 2)) return null;
  return { scheme: readU16(body, 0), signature: body.subarray(4) };
}

function readExtensions(body: Uint8Array, start: number): Map<number, Uint8Array> | null {
  const end = start + 2 + readU16(body, start);
  if (start + 2 > body.length || end > body.length) return null;
  const found = new Map<number, Uint8Array>();
  for (let at = start + 2; at < end;) {
    const stop = at + 4 + readU16(body, at + 2);
    if (stop > end) return null;
    found.set(readU16(body, at), body.subarray(at + 4, stop));
    at = stop;
  }
  return found;
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
