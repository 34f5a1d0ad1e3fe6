import type { PlanTunnel, TunnelRecord } from './tunnel.ts';

/**
 * Which end of a tunnel hears nothing of which, and what it may be: WireGuard answers nothing that it does not trust, and so gives no
 * reason. `hasShaken` says which other tunnels have had their handshake.
 */
export function describeNoHandshake(
  { client, server, over }: Pick<PlanTunnel, 'client' | 'server' | 'over'>,
  handshakes: TunnelRecord['handshakes'],
  hasShaken: (tunnel: string) => boolean,
): string {
  const [end, other] = handshakes.server ? [client, server] : [server, client];
  const { address = '', port = 0 } = client.endpoint ?? {};
  const place = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  const deaf = over.find((carrier) => !hasShaken(carrier));
  const cause =
    deaf === undefined
      ? "One of them is down or out of reach, UDP is dropped between them, or they do not have each other's keys"
      : `${deaf}, which carries it, has no handshake either`;
  return `no handshake: "${end.node}" has heard nothing that it trusts from "${other.node}", by way of ${place}. ${cause}`;
}
