// What fits whole into a tunnel, whatever it goes over.
import type { PlanTunnel } from '../../../model/tunnel.ts';
import type { Context } from '../../context.ts';
import type { Ends } from './addresses.ts';
import type { Way } from './endpoint.ts';
import type { TunnelDraft } from './order.ts';

/** What WireGuard puts around a packet: 20 or 40 (IP) + 8 (UDP) + 16 (its header) + 16 (the cipher's tag). */
const OVERHEAD = { 4: 60, 6: 80 } as const;
/** RFC 8200 section 5, RFC 791. */
const LEAST_IPV6 = 1280;
const LEAST_IPV4 = 576;

/** Undefined, with a report, where nothing fits. */
export function mtuWithin(
  context: Context,
  { name, path, written }: TunnelDraft,
  addresses: Ends,
  way: Way,
  carriers: readonly PlanTunnel[],
): number | undefined {
  const outer = Math.min(way.mtu, ...carriers.map(({ mtu }) => mtu));
  const fits = outer - OVERHEAD[way.family];
  const mtu = written.wireguard.mtu ?? fits;
  const least = addresses.client.some((text) => text.includes(':')) ? LEAST_IPV6 : LEAST_IPV4;
  if (mtu < least) {
    context.report(
      'S196',
      [...path, ...(written.wireguard.mtu === undefined ? [] : ['wireguard', 'mtu'])],
      `Into the tunnel "${name}" fit ${mtu} bytes, but IPv${least === LEAST_IPV6 ? 6 : 4} needs ${least}`,
      {
        key: written.wireguard.mtu === undefined,
        help:
          least === LEAST_IPV6
            ? 'Write "ipv6: false", or give the networks a larger "mtu"'
            : 'Give the networks a larger "mtu"',
      },
    );
    return undefined;
  }
  if (mtu > fits)
    context.report(
      'S196',
      [...path, 'wireguard', 'mtu'],
      `Packets of ${mtu} bytes become fragments: ${fits} fit whole into what "${name}" goes over`,
      { severity: 'warning', help: `Write ${fits}, or leave "mtu" out` },
    );
  return mtu;
}
