import type { PlanNode } from '../model/plan.ts';
import type { Service } from '../model/traffic.ts';

/** Everything that a client may call a TLS server: the names it is given, its node's names and its addresses. */
export function serverNames(
  nodes: readonly PlanNode[],
  service: Service,
  given: readonly string[],
): string[] {
  const addresses = new Set(service.addresses);
  const hosts = nodes
    .flatMap((node) => node.names)
    .filter((entry) => addresses.has(entry.address))
    .flatMap((entry) => entry.names);
  return [...new Set([...given, service.on, ...hosts, ...addresses])];
}
