// ClientHello messages and the records that carry them: RFC 8446 sections 4.1.2 and 5.1.
import { concatBytes, fromLatin1, writeU16 } from './bytes.ts';
import {
  TLS_CIPHER,
  TLS_CLIENT_HELLO,
  TLS_EXTENSION,
  TLS_GROUP,
  TLS_SIGNATURE,
  TLS_HANDSHAKE,
  TLS_RECORD_HEADER_LENGTH,
} from './tls.ts';

export interface ClientHelloSpec {
  /** Null sends no server_name extension. */
  readonly serverName: string | null;
  readonly alpn?: readonly string[];
  /** TLS 1.3 and 1.2 unless given. */
  readonly supportedVersions?: readonly number[];
  /** 32 bytes; zero unless given. */
  readonly random?: Uint8Array;
  /** Up to 32 bytes; none unless given. */
  readonly sessionId?: Uint8Array;
  readonly cipherSuites?: readonly number[];
  /** Further extensions, after the others. */
  readonly extensions?: readonly TlsExtension[];
}

export interface TlsExtension {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface KeyShare {
  readonly group: number;
  readonly key: Uint8Array;
}

/** A hello that TLS 1.3 servers can answer. */
export interface BrowserHelloSpec extends ClientHelloSpec {
  readonly keyShares: readonly KeyShare[];
}

/** A hello with all that a handshake of TLS 1.3 needs (RFC 8446 section 9.2): groups, signature algorithms and key shares. */
export function buildBrowserHello(spec: BrowserHelloSpec): Uint8Array {
  const { keyShares, extensions = [] } = spec;
  const list = (values: readonly number[]): Uint8Array => with16(concatBytes(...values.map(u16)));
  const shares = keyShares.map(({ group, key }) => concatBytes(u16(group), with16(key)));
  return buildClientHello({
    supportedVersions: [0x0304],
    cipherSuites: Object.values(TLS_CIPHER),
    ...spec,
    extensions: [
      { type: TLS_EXTENSION.supportedGroups, data: list(Object.values(TLS_GROUP)) },
      { type: TLS_EXTENSION.signatureAlgorithms, data: list(Object.values(TLS_SIGNATURE)) },
      { type: TLS_EXTENSION.keyShare, data: with16(concatBytes(...shares)) },
      ...extensions,
    ],
  });
}

/** The handshake message, header included. */
export function buildClientHello(spec: ClientHelloSpec): Uint8Array {
  const { serverName, alpn = [], supportedVersions = [0x0304, 0x0303] } = spec;
  const versions = concatBytes(...supportedVersions.map(u16));
  const extensions = concatBytes(
    ...(serverName === null
      ? []
      : [extension(TLS_EXTENSION.serverName, serverNameList(serverName))]),
    ...(alpn.length === 0
      ? []
      : [extension(TLS_EXTENSION.alpn, with16(concatBytes(...alpn.map(shortName))))]),
    extension(TLS_EXTENSION.supportedVersions, with8(versions)),
    ...(spec.extensions ?? []).map(({ type, data }) => extension(type, data)),
  );
  const body = concatBytes(
    u16(0x0303),
    spec.random ?? new Uint8Array(32),
    with8(spec.sessionId ?? new Uint8Array(0)),
    with16(concatBytes(...(spec.cipherSuites ?? [0x1301, 0x1302, 0xc02f]).map(u16))),
    with8(Uint8Array.of(0)),
    with16(extensions),
  );
  return concatBytes(
    Uint8Array.of(TLS_CLIENT_HELLO, body.length >>> 16, body.length >>> 8, body.length),
    body,
  );
}

/** Splits handshake bytes over records of at most `size` bytes each. */
export function buildTlsRecords(handshake: Uint8Array, size = 16_384): Uint8Array {
  const records: Uint8Array[] = [];
  for (let at = 0; at < handshake.length; at += size) {
    const piece = handshake.subarray(at, at + size);
    const record = new Uint8Array(TLS_RECORD_HEADER_LENGTH + piece.length);
    record[0] = TLS_HANDSHAKE;
    writeU16(record, 1, 0x0301);
    writeU16(record, 3, piece.length);
    record.set(piece, TLS_RECORD_HEADER_LENGTH);
    records.push(record);
  }
  return concatBytes(...records);
}

const u16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value);
const with8 = (data: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(data.length), data);
const with16 = (data: Uint8Array): Uint8Array => concatBytes(u16(data.length), data);
const shortName = (name: string): Uint8Array => with8(fromLatin1(name));
const extension = (type: number, data: Uint8Array): Uint8Array =>
  concatBytes(u16(type), with16(data));
const serverNameList = (name: string): Uint8Array =>
  with16(concatBytes(Uint8Array.of(0), with16(fromLatin1(name))));
