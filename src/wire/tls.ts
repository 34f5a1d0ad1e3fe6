// The first flight of TLS: records (RFC 8446 section 5.1) and the ClientHello in them (section 4.1.2), for readers in the middle.
// A hello may lie in many records and may not be all here yet: "more is needed" is told from "this is not TLS".
import { latin1, readU16, readU24, readU8 } from './bytes.ts';

export const TLS_RECORD_HEADER_LENGTH = 5;
const HANDSHAKE_HEADER_LENGTH = 4;
/** Type bytes: record content type `handshake`, handshake message type `client_hello`. */
export const TLS_HANDSHAKE = 22;
export const TLS_CLIENT_HELLO = 1;
/** 2^14 bytes and the expansion that RFC 5246 section 6.2.3 allows. */
const MAX_RECORD = 16384 + 2048;
/** No hello of the field comes near; keeps a forged length from asking for megabytes. */
const MAX_HELLO = 65_536;

export const TLS_EXTENSION = {
  serverName: 0,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  supportedVersions: 43,
  cookie: 44,
  keyShare: 51,
  encryptedClientHello: 0xfe0d,
} as const;

/** Cipher suites of TLS 1.3: RFC 8446 appendix B.4. */
export const TLS_CIPHER = {
  aes128GcmSha256: 0x1301,
  aes256GcmSha384: 0x1302,
  chacha20Poly1305Sha256: 0x1303,
} as const;

/** RFC 8446 section 4.2.7. */
export const TLS_GROUP = { x25519: 0x001d, secp256r1: 0x0017, secp384r1: 0x0018 } as const;

/** RFC 8446 section 4.2.3. */
export const TLS_SIGNATURE = {
  ecdsaSecp256r1Sha256: 0x0403,
  rsaPssRsaeSha256: 0x0804,
  ecdsaSecp384r1Sha384: 0x0503,
  rsaPssRsaeSha384: 0x0805,
  ed25519: 0x0807,
  rsaPssRsaeSha512: 0x0806,
} as const;

export interface ClientHello {
  /** `legacy_version`: 0x0303 since TLS 1.2. */
  readonly legacyVersion: number;
  /** The `host_name` of the server_name extension (RFC 6066 section 3), as spelled; null when there is none. */
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  /** Of the extension; empty before TLS 1.3. */
  readonly supportedVersions: readonly number[];
  /** In order, as are the lists below; values that mean nothing (`isGrease`) are left in. */
  readonly cipherSuites: readonly number[];
  readonly extensions: readonly number[];
  /** Of the signature_algorithms extension (RFC 8446 section 4.2.3); empty when there is none. */
  readonly signatureAlgorithms: readonly number[];
}

/** Whether a cipher suite, extension or version is one of those that mean nothing and are sent to be ignored (RFC 8701). */
export const isGrease = (value: number): boolean =>
  (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);

export type ClientHelloReading =
  | { readonly kind: 'more' }
  | { readonly kind: 'not-tls'; readonly reason: string }
  | {
      readonly kind: 'client-hello';
      readonly hello: ClientHello;
      /** Bytes of the range that its records take, and how many records there are. */
      readonly length: number;
      readonly records: number;
    };

const MORE: ClientHelloReading = { kind: 'more' };
const notTls = (reason: string): ClientHelloReading => ({ kind: 'not-tls', reason });

/**
 * Reads a ClientHello from the start of a client's stream, of which the range holds the first bytes. Whoever does not join records finds
 * it only where it lies in one.
 */
export function readClientHello(
  memory: Uint8Array,
  start: number,
  end: number,
  joinsRecords = true,
): ClientHelloReading {
  const pieces: Uint8Array[] = [];
  let gathered = 0;
  let wanted = HANDSHAKE_HEADER_LENGTH;
  let at = start;
  for (let records = 1; ; records += 1) {
    const fault = recordFault(memory, at, end);
    if (fault !== null) return notTls(fault);
    if (end - at < TLS_RECORD_HEADER_LENGTH) return MORE;
    const body = at + TLS_RECORD_HEADER_LENGTH;
    const recordEnd = body + readU16(memory, at + 3);
    const stop = Math.min(end, recordEnd);
    pieces.push(memory.subarray(body, stop));
    gathered += stop - body;
    // Joined once for the message's header and once for its body, however many records there are.
    if (gathered >= wanted || records === 1) {
      const handshake = join(pieces, gathered);
      const messageFault = handshakeFault(handshake);
      if (messageFault !== null) return notTls(messageFault);
      if (gathered >= HANDSHAKE_HEADER_LENGTH)
        wanted = HANDSHAKE_HEADER_LENGTH + readU24(handshake, 1);
      if (gathered >= wanted) {
        const hello = parseClientHello(handshake.subarray(HANDSHAKE_HEADER_LENGTH, wanted));
        if (hello === null) return notTls('ClientHello is malformed');
        return { kind: 'client-hello', hello, length: stop - start, records };
      }
    }
    if (recordEnd > end) return MORE;
    if (!joinsRecords) return notTls('ClientHello does not lie in one record');
    at = recordEnd;
  }
}

/** Reads a ClientHello that begins a client's handshake messages, where these come without records (RFC 9001 section 4.1.3). */
export function readHandshakeHello(handshake: Uint8Array): ClientHello | 'more' | 'other' {
  if (handshakeFault(handshake) !== null) return 'other';
  if (handshake.length < HANDSHAKE_HEADER_LENGTH) return 'more';
  const end = HANDSHAKE_HEADER_LENGTH + readU24(handshake, 1);
  if (handshake.length < end) return 'more';
  return parseClientHello(handshake.subarray(HANDSHAKE_HEADER_LENGTH, end)) ?? 'other';
}

/** The body of a ClientHello message, or null when a length in it does not fit. */
export function parseClientHello(body: Uint8Array): ClientHello | null {
  const RANDOM_END = 34;
  let at = RANDOM_END;
  at += 1 + readU8(body, at);
  const suites = at;
  at += 2 + readU16(body, at);
  const suitesEnd = at;
  at += 1 + readU8(body, at);
  if (at > body.length) return null;
  const hello = {
    legacyVersion: readU16(body, 0),
    serverName: null as string | null,
    alpn: [] as readonly string[],
    supportedVersions: [] as readonly number[],
    cipherSuites: readNumbers(body, suites + 2, suitesEnd),
    extensions: [] as number[],
    signatureAlgorithms: [] as readonly number[],
  };
  // A hello without extensions ends here (RFC 5246 section 7.4.1.2).
  if (at === body.length) return hello;
  const end = at + 2 + readU16(body, at);
  at += 2;
  if (end > body.length) return null;
  while (at + 4 <= end) {
    const type = readU16(body, at);
    const stop = at + 4 + readU16(body, at + 2);
    if (stop > end) return null;
    hello.extensions.push(type);
    const data = body.subarray(at + 4, stop);
    if (type === TLS_EXTENSION.serverName) hello.serverName = readServerName(data);
    else if (type === TLS_EXTENSION.alpn) hello.alpn = readProtocolNames(data);
    else if (type === TLS_EXTENSION.supportedVersions)
      hello.supportedVersions = readNumbers(data, 1, data.length);
    else if (type === TLS_EXTENSION.signatureAlgorithms)
      hello.signatureAlgorithms = readNumbers(data, 2, data.length);
    at = stop;
  }
  return hello;
}

/** What the bytes that are here rule out already, or null. */
function recordFault(memory: Uint8Array, at: number, end: number): string | null {
  const here = end - at;
  if (here > 0 && readU8(memory, at) !== TLS_HANDSHAKE) return 'Not a TLS handshake record';
  if (here > 1 && readU8(memory, at + 1) !== 3) return 'Record version is not that of TLS';
  if (here < TLS_RECORD_HEADER_LENGTH) return null;
  const length = readU16(memory, at + 3);
  // A handshake record is never empty (RFC 8446 section 5.1), which also bounds the number of records.
  return length === 0 || length > MAX_RECORD ? 'TLS record length is out of range' : null;
}

function handshakeFault(handshake: Uint8Array): string | null {
  if (handshake.length > 0 && readU8(handshake, 0) !== TLS_CLIENT_HELLO)
    return 'First handshake message is not a ClientHello';
  if (handshake.length >= HANDSHAKE_HEADER_LENGTH && readU24(handshake, 1) > MAX_HELLO)
    return 'ClientHello length is out of range';
  return null;
}

/** The pieces as one, which then is the only piece. */
function join(pieces: Uint8Array[], length: number): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  pieces.length = 0;
  pieces.push(whole);
  return whole;
}

function readServerName(data: Uint8Array): string | null {
  for (let at = 2; at + 3 <= data.length;) {
    const stop = at + 3 + readU16(data, at + 1);
    if (stop > data.length) return null;
    if (readU8(data, at) === 0) return latin1(data, at + 3, stop);
    at = stop;
  }
  return null;
}

function readProtocolNames(data: Uint8Array): readonly string[] {
  const names: string[] = [];
  for (let at = 2; at < data.length;) {
    const stop = at + 1 + readU8(data, at);
    if (stop > data.length) break;
    names.push(latin1(data, at + 1, stop));
    at = stop;
  }
  return names;
}

/** Numbers of 16 bits. */
function readNumbers(data: Uint8Array, start: number, end: number): readonly number[] {
  const numbers: number[] = [];
  for (let at = start; at + 2 <= end; at += 2) numbers.push(readU16(data, at));
  return numbers;
}
