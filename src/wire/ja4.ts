// JA4, a fingerprint of TLS clients, after its public description (FoxIO, technical_details/JA4.md): what a hello offers, sorted, so that
// clients that shuffle keep theirs. GREASE (RFC 8701) does not count anywhere.
import { sha256 } from '../base/hash.ts';
import { type ClientHello, TLS_EXTENSION, isGrease } from './tls.ts';

const HASH_LENGTH = 12;
/** Of an empty list. */
const NO_HASH = '0'.repeat(HASH_LENGTH);
const MAX_COUNT = 99;
const VERSION_CODES: ReadonlyMap<number, string> = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
  [0x0002, 's2'],
]);

/** Such as `t13d1516h2_8daaf6152771_b186095e22b6`. Transport `t` is TCP, `q` QUIC. */
export function ja4(hello: ClientHello, transport: 't' | 'q'): string {
  const suites = withoutGrease(hello.cipherSuites);
  const extensions = withoutGrease(hello.extensions);
  const name = hello.extensions.includes(TLS_EXTENSION.serverName) ? 'd' : 'i';
  const counts = twoDigits(suites.length) + twoDigits(extensions.length);
  const head = `${transport}${versionCode(hello)}${name}${counts}${alpnCode(hello.alpn[0])}`;
  return `${head}_${hash(sortedHex(suites))}_${hash(describeExtensions(hello, extensions))}`;
}

/** Server name and ALPN are told before and left out here; signature algorithms keep their order. */
function describeExtensions(hello: ClientHello, extensions: readonly number[]): string {
  const others = extensions.filter(
    (type) => type !== TLS_EXTENSION.serverName && type !== TLS_EXTENSION.alpn,
  );
  const algorithms = withoutGrease(hello.signatureAlgorithms).map(hex4).join(',');
  return algorithms === '' ? sortedHex(others) : `${sortedHex(others)}_${algorithms}`;
}

/** Of the highest version that is offered. */
function versionCode({ supportedVersions, legacyVersion }: ClientHello): string {
  const offered = withoutGrease(supportedVersions);
  const highest = offered.length === 0 ? legacyVersion : Math.max(...offered);
  return VERSION_CODES.get(highest) ?? '00';
}

/** First and last character of the first protocol; of its hexadecimal form where one of them is no letter or digit. */
function alpnCode(name: string | undefined): string {
  if (name === undefined || name === '') return '00';
  const ends = name.charAt(0) + name.charAt(name.length - 1);
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends;
  return hex2(name.charCodeAt(0)).charAt(0) + hex2(name.charCodeAt(name.length - 1)).charAt(1);
}

const withoutGrease = (values: readonly number[]): readonly number[] =>
  values.filter((value) => !isGrease(value));
const sortedHex = (values: readonly number[]): string => values.map(hex4).sort().join(',');
const hash = (list: string): string => (list === '' ? NO_HASH : sha256(list).slice(0, HASH_LENGTH));
const twoDigits = (count: number): string => String(Math.min(MAX_COUNT, count)).padStart(2, '0');
const hex2 = (value: number): string => value.toString(16).padStart(2, '0');
const hex4 = (value: number): string => value.toString(16).padStart(4, '0');
