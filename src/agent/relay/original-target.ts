// Where the client of a diverted connection wanted to go.
import { networkInterfaces } from 'node:os';
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

const isOfThisMachine = (host: string): boolean =>
  host.startsWith('127.') ||
  Object.values(networkInterfaces()).some((all = []) =>
    all.some(({ address }) => address === host),
  );
