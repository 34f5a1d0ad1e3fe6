// IPv4, IPv6, prefixes and MAC addresses: text in, bytes out, and back. RFC 4291, RFC 5952 (text form), RFC 4632.
import { type Result, fail, ok } from './result.ts';

/** An address of either family as its bytes, most significant first. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
}

/** An address with a prefix length: a subnet, or an interface's address within one. */
export interface IpPrefix {
  readonly address: IpAddress;
  /** Bits of the network part: 0 to 32, or 0 to 128. */
  readonly length: number;
}

export function parseIp(text: string): Result<IpAddress, string> {
  const bytes = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  if (!bytes) return fail(`Expected an IPv4 or IPv6 address, found ${JSON.stringify(text)}`);
  return ok({ family: bytes.length === 4 ? 4 : 6, bytes });
}

export function parsePrefix(text: string): Result<IpPrefix, string> {
  const slash = text.indexOf('/');
  const address = parseIp(slash < 0 ? text : text.slice(0, slash));
  const wish = `Expected a prefix such as "10.0.0.0/24" or "fd00::/64", found ${JSON.stringify(text)}`;
  if (slash < 0 || !address.ok) return fail(wish);
  const digits = text.slice(slash + 1);
  const length = Number(digits);
  if (!/^\d{1,3}$/.test(digits) || length > address.value.bytes.length * 8) return fail(wish);
  return ok({ address: address.value, length });
}

/** Lower case, longest run of zeros shortened, for IPv6 (RFC 5952 section 4). */
export function formatIp(address: IpAddress): string {
  return address.family === 4 ? address.bytes.join('.') : formatIpv6(address.bytes);
}

export const formatPrefix = (prefix: IpPrefix): string =>
  `${formatIp(prefix.address)}/${prefix.length}`;

/** The first address of the prefix: all host bits zero. */
export function networkAddress(prefix: IpPrefix): IpAddress {
  const bytes = prefix.address.bytes.map((byte, index) => byte & maskByte(prefix.length, index));
  return { family: prefix.address.family, bytes };
}

export function prefixContains(prefix: IpPrefix, address: IpAddress): boolean {
  if (prefix.address.family !== address.family) return false;
  return prefix.address.bytes.every((byte, index) => {
    const mask = maskByte(prefix.length, index);
    return (byte & mask) === ((address.bytes[index] ?? 0) & mask);
  });
}

export function prefixesOverlap(left: IpPrefix, right: IpPrefix): boolean {
  const [wide, narrow] = left.length <= right.length ? [left, right] : [right, left];
  return prefixContains(wide, narrow.address);
}

/** The address `offset` places after the start of the prefix, or undefined when it lies outside. */
export function nthAddress(prefix: IpPrefix, offset: bigint): IpAddress | undefined {
  const start = networkAddress(prefix);
  const hostBits = BigInt(start.bytes.length * 8 - prefix.length);
  if (offset < 0n || offset >= 1n << hostBits) return undefined;
  return ipFromBigInt(ipToBigInt(start) + offset, start.family);
}

/** How many addresses the prefix spans. */
export const prefixSize = (prefix: IpPrefix): bigint =>
  1n << BigInt(prefix.address.bytes.length * 8 - prefix.length);

export const ipToBigInt = (address: IpAddress): bigint =>
  address.bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

export function ipFromBigInt(value: bigint, family: 4 | 6): IpAddress {
  const bytes = new Uint8Array(family === 4 ? 4 : 16);
  for (let index = bytes.length - 1, rest = value; index >= 0; index -= 1, rest >>= 8n)
    bytes[index] = Number(rest & 0xffn);
  return { family, bytes };
}

export const sameIp = (left: IpAddress, right: IpAddress): boolean =>
  left.family === right.family && left.bytes.every((byte, index) => byte === right.bytes[index]);

/** Parses `02:00:00:00:00:01` into its six bytes. */
export function parseMac(text: string): Result<Uint8Array, string> {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text))
    return fail(
      `Expected a MAC address such as "02:00:00:00:00:01", found ${JSON.stringify(text)}`,
    );
  return ok(Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16)));
}

export const formatMac = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');

function maskByte(length: number, index: number): number {
  const bits = Math.min(8, Math.max(0, length - index * 8));
  return (0xff << (8 - bits)) & 0xff;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  // A leading zero is refused: some readers take it for octal (RFC 6943 section 3.1.1).
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part)))
    return undefined;
  const bytes = parts.map(Number);
  return bytes.some((byte) => byte > 255) ? undefined : Uint8Array.from(bytes);
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(parseGroups);
  if (!head || (halves.length === 2 && !tail)) return undefined;
  if (halves.length === 1) return head.length === 16 ? Uint8Array.from(head) : undefined;
  const rest = tail ?? [];
  const gap = 16 - head.length - rest.length;
  if (gap < 2) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(gap).fill(0), ...rest]);
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (index === groups.length - 1 && group.includes('.')) {
      const embedded = parseIpv4(group);
      if (!embedded) return undefined;
      bytes.push(...embedded);
      continue;
    }
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
    const value = Number.parseInt(group, 16);
    bytes.push(value >> 8, value & 0xff);
  }
  return bytes.length > 16 ? undefined : bytes;
}

function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  let start = -1;
  let length = 1;
  for (let from = 0; from < 8; from += 1) {
    let to = from;
    while (to < 8 && groups[to] === '0') to += 1;
    if (to - from > length) [start, length] = [from, to - from];
  }
  if (start < 0) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}
