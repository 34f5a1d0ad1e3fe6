// The words for where a relay listens and what it dials: tcp://127.0.0.1:6633, tcp://[::1]:6633, udp://:53, unix:/path, unix:@abstract,
// and host:port or :port, which are TCP.
import { type Result, fail, ok } from '../base/result.ts';
import type { StreamAddress } from './relay.ts';

const WISH =
  'Expected an address such as "127.0.0.1:6633", "[::1]:6633", ":6633", "udp://:53", "unix:/path" or "unix:@name"';

/** `host` stands for one that is left out. */
export function parseStreamAddress(text: string, host: string): Result<StreamAddress, string> {
  const wish = `${WISH}, found ${JSON.stringify(text)}`;
  if (text.startsWith('unix:')) return parsePath(text.slice(5).replace(/^\/\/(?=[/@])/, ''));
  const found =
    /^(?:(?<kind>tcp|udp):\/\/)?(?:\[(?<ipv6>[^\][]+)\]|(?<name>[^:[\]/]*)):(?<port>\d{1,5})$/.exec(
      text,
    )?.groups;
  if (!found) return fail(wish);
  const port = Number(found['port']);
  if (port > 65_535) return fail(`A port is at most 65535, found ${JSON.stringify(text)}`);
  const { name = '' } = found;
  const kind = found['kind'] === 'udp' ? 'udp' : 'tcp';
  return ok({ kind, host: found['ipv6'] ?? (name === '' ? host : name), port });
}

/** Bytes of sockaddr_un (unix(7)) but for its end. */
const LONGEST_PATH = 107;

function parsePath(path: string): Result<StreamAddress, string> {
  if (!path.startsWith('/') && !path.startsWith('@') && !path.startsWith('.'))
    return fail(`${WISH}, found ${JSON.stringify(`unix:${path}`)}`);
  const bytes = new TextEncoder().encode(path).length;
  return bytes > LONGEST_PATH
    ? fail(`The path of a Unix socket has at most ${LONGEST_PATH} bytes, found ${bytes}`)
    : ok({ kind: 'unix', path });
}

export function describeAddress(address: StreamAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${address.kind}://${host}:${address.port}`;
}
