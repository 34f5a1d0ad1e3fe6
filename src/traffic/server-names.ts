import type { HostNames } from '../model/plan.ts';
import type { Service } from '../model/traffic.ts';

/** Everything that a client may call a TLS server: the names it is given, its node's, those `hosts` say and its addresses. */
export function serverNames(
  hosts: readonly HostNames[],
  service: Pick<Service, 'on' | 'addresses'>,
  given: readonly string[],
): string[] {
  const addresses = new Set(service.addresses);
  const names = hosts.filter(({ address }) => addresses.has(address)).flatMap((line) => line.names);
  return [...new Set([...given, service.on, ...names, ...addresses])];
}
