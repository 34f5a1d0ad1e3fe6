// Where a client wanted to go whose connection or datagram was diverted.
import { networkInterfaces } from 'node:os';
import type { DatagramWay } from '../../kernel/datagram-socket.ts';
import type { StreamAddress } from '../../model/relay.ts';
import { originalDestination, ownAddress } from '../../kernel/stream-socket.ts';

/**
 * Null where nothing was diverted: the relay would call itself, again and again. TPROXY leaves a connection its own destination;
 * REDIRECT keeps it where SO_ORIGINAL_DST finds it.
 */
export function originalTarget(
  fd: number,
  listening: readonly StreamAddress[],
  isTransparent: boolean,
): StreamAddress | null {
  const own = ownAddress(fd);
  const wished = isTransparent ? own : originalDestination(fd);
  if (own?.kind !== 'ip' || wished?.kind !== 'ip') return null;
  const { address: host, port } = wished;
  const isOwnPort = listening.some((each) => each.kind === 'tcp' && each.port === port);
  if (isOwnPort && isOfThisMachine(host)) return null;
  return { kind: 'tcp', host, port };
}

/**
 * Null for a datagram to this machine itself: a socket that answers in the name of one of its services would hear what that one is to hear.
 */
export function originalDatagramTarget({ destination }: DatagramWay): StreamAddress | null {
  if (destination?.kind !== 'ip') return null;
  const { address: host, port } = destination;
  return isGroup(host) || isOfThisMachine(host) ? null : { kind: 'udp', host, port };
}

/** Multicast (RFC 5771, RFC 4291 section 2.7), and all of a link. */
const isGroup = (host: string): boolean =>
  /^(22[4-9]|23\d)\./.test(host) || host === '255.255.255.255' || /^ff[0-9a-f]{2}:/.test(host);

const isOfThisMachine = (host: string): boolean =>
  host.startsWith('127.') ||
  Object.values(networkInterfaces()).some((all = []) =>
    all.some(({ address }) => address === host),
  );
