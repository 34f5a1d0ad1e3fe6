// HTTPS records: RFC 9460. Parameters are written as section 2.1 and appendix A say; those without a name here as `key65000=` and
// hexadecimal digits.
import { type Result, fail, ok } from '../base/result.ts';
import { formatIp, parseIp } from '../base/addresses.ts';
import { concatBytes, fromLatin1, latin1, readU16, readU8, writeU16 } from './bytes.ts';
import { emitName, readName } from './dns-name.ts';

const KEYS = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint'];
const KEY = { alpn: 1, noDefaultAlpn: 2, port: 3, ipv4hint: 4, ech: 5, ipv6hint: 6 } as const;

/** `1 . alpn=h2,h3 port=443`. */
export function readServiceBinding(
  bytes: Uint8Array,
  start: number,
  end: number,
): Result<string, string> {
  if (start + 3 > end) return fail('DNS HTTPS record is shorter than its priority and target');
  const target = readName(bytes, start + 2);
  if (!target.ok) return target;
  const words = [String(readU16(bytes, start)), target.value.name || '.'];
  for (let at = target.value.next; at < end;) {
    const stop = at + 4 + readU16(bytes, at + 2);
    if (at + 4 > end || stop > end) return fail('DNS HTTPS parameter is longer than its record');
    words.push(parameterText(readU16(bytes, at), bytes.subarray(at + 4, stop)));
    at = stop;
  }
  return ok(words.join(' '));
}

function parameterText(key: number, value: Uint8Array): string {
  const name = KEYS[key] ?? `key${key}`;
  switch (key) {
    case KEY.alpn:
      return `${name}=${readStrings(value).join(',')}`;
    case KEY.noDefaultAlpn:
      return name;
    case KEY.port:
      return `${name}=${readU16(value, 0)}`;
    case KEY.ipv4hint:
      return `${name}=${readAddresses(value, 4).join(',')}`;
    case KEY.ipv6hint:
      return `${name}=${readAddresses(value, 6).join(',')}`;
    case KEY.ech:
      return `${name}=${btoa(latin1(value, 0, value.length))}`;
    default:
      return `${name}=${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
}

function readStrings(value: Uint8Array): string[] {
  const strings: string[] = [];
  for (let at = 0; at < value.length;) {
    const stop = Math.min(value.length, at + 1 + readU8(value, at));
    strings.push(latin1(value, at + 1, stop));
    at = stop;
  }
  return strings;
}

function readAddresses(value: Uint8Array, family: 4 | 6): string[] {
  const size = family === 4 ? 4 : 16;
  return Array.from({ length: Math.floor(value.length / size) }, (_, index) =>
    formatIp({ family, bytes: value.subarray(size * index, size * (index + 1)) }),
  );
}

/** The bytes of what `readServiceBinding` writes, for the parameters that have a name here. */
export function emitServiceBinding(text: string): Result<Uint8Array, string> {
  const [priority = '', target = '', ...words] = text.split(' ');
  const name = emitName(target.replace(/\.$/, ''));
  if (!name.ok) return name;
  if (!/^\d+$/.test(priority))
    return fail(`Expected a priority, found ${JSON.stringify(priority)}`);
  const parameters: { readonly key: number; readonly bytes: Uint8Array }[] = [];
  for (const word of words) {
    const [key = '', value = ''] = word.split(/=(.*)/s);
    const number = KEYS.indexOf(key);
    const bytes = parameterBytes(number, value);
    if (bytes === null) return fail(`Expected a service parameter, found ${JSON.stringify(word)}`);
    parameters.push({ key: number, bytes: concatBytes(u16(number), u16(bytes.length), bytes) });
  }
  // Keys stand in increasing order (section 2.2).
  parameters.sort((left, right) => left.key - right.key);
  const parts = parameters.map(({ bytes }) => bytes);
  return ok(concatBytes(u16(Number(priority)), name.value, ...parts));
}

function parameterBytes(key: number, value: string): Uint8Array | null {
  switch (key) {
    case KEY.alpn:
      return concatBytes(
        ...value.split(',').map((id) => concatBytes(Uint8Array.of(id.length), fromLatin1(id))),
      );
    case KEY.noDefaultAlpn:
      return new Uint8Array(0);
    case KEY.port:
      return u16(Number(value));
    case KEY.ipv4hint:
      return addressBytes(value, 4);
    case KEY.ipv6hint:
      return addressBytes(value, 6);
    case KEY.ech:
      return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? fromLatin1(atob(value)) : null;
    default:
      return null;
  }
}

function addressBytes(value: string, family: 4 | 6): Uint8Array | null {
  const addresses = value.split(',').map(parseIp);
  const bytes = addresses.flatMap((address) =>
    address.ok && address.value.family === family ? [address.value.bytes] : [],
  );
  return bytes.length === addresses.length ? concatBytes(...bytes) : null;
}

function u16(value: number): Uint8Array {
  const bytes = new Uint8Array(2);
  writeU16(bytes, 0, value);
  return bytes;
}
