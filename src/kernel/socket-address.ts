// Where a socket is, as the kernel takes it: sockaddr_in, sockaddr_in6 (ip(7), ipv6(7)) and sockaddr_un (unix(7)).
import { formatIp, parseIp } from '../base/addresses.ts';
import { invariant } from '../base/invariant.ts';

export type SocketAddress =
  | {
      readonly kind: 'ip';
      /** An address of either family. */
      readonly address: string;
      readonly port: number;
    }
  /** An abstract one begins with `@`. Empty: a socket without a name, as those that connect are. */
  | { readonly kind: 'unix'; readonly path: string };

/** `AF_…` of socket(2). */
export const FAMILY = { unix: 1, ipv4: 2, ipv6: 10 } as const;

/** Bytes of sockaddr_in6, which has room for a sockaddr_in. */
export const IP_ROOM = 28;
/** Bytes of the longest: sockaddr_un. */
export const ADDRESS_ROOM = 110;
/** Bytes of a path, its end included, of sockaddr_un. */
const PATH_ROOM = 108;

/** Throws for a path that is too long. */
export function encodeSocketAddress(address: SocketAddress): Uint8Array {
  if (address.kind === 'unix') return encodeUnix(address.path);
  const ip = parseIp(address.address);
  invariant(ip.ok, 'A socket address has an IP address');
  const { family, bytes } = ip.value;
  const raw = new Uint8Array(family === 4 ? 16 : 28);
  const view = new DataView(raw.buffer);
  view.setUint16(0, family === 4 ? FAMILY.ipv4 : FAMILY.ipv6, true);
  view.setUint16(2, address.port);
  raw.set(bytes, family === 4 ? 4 : 8);
  return raw;
}

function encodeUnix(path: string): Uint8Array {
  const name = new TextEncoder().encode(path);
  const isAbstract = path.startsWith('@');
  // An abstract name has no end of its own.
  const most = isAbstract ? PATH_ROOM : PATH_ROOM - 1;
  if (name.length > most)
    throw new RangeError(`A Unix socket's path has at most ${most} bytes: "${path}"`);
  if (isAbstract) name[0] = 0;
  // An abstract name is all bytes that are given; a path ends with a zero.
  const raw = new Uint8Array(2 + name.length + (isAbstract ? 0 : 1));
  new DataView(raw.buffer).setUint16(0, FAMILY.unix, true);
  raw.set(name, 2);
  return raw;
}

/** Null for a family that has no place here. */
export function decodeSocketAddress(raw: Uint8Array): SocketAddress | null {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  switch (raw.length < 2 ? 0 : view.getUint16(0, true)) {
    case FAMILY.ipv4:
      return decodeIp(4, raw.slice(4, 8), view.getUint16(2));
    case FAMILY.ipv6:
      return decodeIp(6, raw.slice(8, 24), view.getUint16(2));
    case FAMILY.unix: {
      const isAbstract = raw.length > 2 && raw[2] === 0;
      const end = isAbstract ? raw.length : raw.indexOf(0, 2);
      const name = new TextDecoder().decode(
        raw.subarray(isAbstract ? 3 : 2, end < 0 ? raw.length : end),
      );
      return { kind: 'unix', path: isAbstract ? `@${name}` : name };
    }
    default:
      return null;
  }
}

const decodeIp = (family: 4 | 6, bytes: Uint8Array, port: number): SocketAddress => ({
  kind: 'ip',
  address: formatIp({ family, bytes }),
  port,
});
