import type { PlanTunnel } from '../../model/tunnel.ts';

/** What wg(8) is told; keys are made when the lab is built. */
export function wireguardWords(tunnel: PlanTunnel, end: 'client' | 'server'): string {
  const { port, fwmark, endpoint, allowed } = tunnel[end];
  const address = endpoint?.address ?? '';
  const host = address.includes(':') ? `[${address}]` : address;
  return [
    `listen-port ${port}`,
    fwmark === 0 ? '' : `fwmark ${fwmark}`,
    'private-key $key peer $peer',
    endpoint === null ? '' : `endpoint ${host}:${endpoint.port}`,
    `allowed-ips ${allowed.join(',')}`,
    end === 'client' && tunnel.keepalive > 0 ? `persistent-keepalive ${tunnel.keepalive}` : '',
  ]
    .filter((words) => words !== '')
    .join(' ');
}
