import { readLinkCounters } from '../../kernel/netlink/link-counters.ts';
import type { TunnelPath } from '../../model/tunnel.ts';
import type { Carrier } from './order.ts';

/** What each carrier has carried, both ways; this thread is in the namespace of its client. */
export function readPaths(carriers: readonly Carrier[]): TunnelPath[] {
  return withShares(
    carriers.map(({ tunnel, interface: index }) => {
      const { receivedPackets, sentPackets, receivedBytes, sentBytes } = readLinkCounters(index);
      return { tunnel, packets: receivedPackets + sentPackets, bytes: receivedBytes + sentBytes };
    }),
  );
}

export function withShares(paths: readonly Omit<TunnelPath, 'share'>[]): TunnelPath[] {
  const all = paths.reduce((sum, { bytes }) => sum + bytes, 0);
  return paths.map((path) => ({ ...path, share: all === 0 ? 0 : path.bytes / all }));
}
