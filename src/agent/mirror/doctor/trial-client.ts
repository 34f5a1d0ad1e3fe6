// From which address a trial's copy comes. Pure.
import {
  type IpAddress,
  type IpPrefix,
  nthAddress,
  parseIp,
  parsePrefix,
  prefixContains,
} from '../../../base/addresses.ts';
import type { PlanMirror } from '../../../model/mirror.ts';
import type { Plan } from '../../../model/plan.ts';

/**
 * That of a client in the lab whose sessions would be copied, or else one of the range; undefined where a mirror has no clients of this
 * family. Routes are often written for such a host alone.
 */
export function chooseClient(
  nodes: Plan['nodes'],
  { clients, mapped, online, target, assistant }: PlanMirror,
  family: 4 | 6,
): IpAddress | undefined {
  const ofFamily = (places: readonly string[]): IpPrefix[] =>
    places.flatMap((text) => {
      const prefix = parsePrefix(text);
      return prefix.ok && prefix.value.address.family === family ? [prefix.value] : [];
    });
  const others = ofFamily(mapped);
  const range = others.length > 0 ? others : ofFamily(clients);
  const servers = new Set([online.node, target.node, assistant]);
  const nodesAddresses = nodes
    .filter(({ name, forwarding }) => !servers.has(name) && (clients.length === 0 || !forwarding))
    .flatMap(({ interfaces }) => addressesOf(interfaces))
    .filter((address) => address.family === family);
  if (range.length === 0 && clients.length > 0) return undefined;
  const living = nodesAddresses.find(
    (address) => range.length === 0 || range.some((prefix) => prefixContains(prefix, address)),
  );
  const [first] = range;
  return living ?? (first && nthAddress(first, first.length === MAX_LENGTH[family] ? 0n : 1n));
}

const MAX_LENGTH = { 4: 32, 6: 128 } as const;

/** Of interfaces or members of a plan, without their prefix lengths. */
export const addressesOf = (
  places: readonly { readonly addresses: readonly string[] }[],
): IpAddress[] =>
  places.flatMap(({ addresses }) =>
    addresses.flatMap((text) => {
      const address = parseIp(text.split('/')[0] ?? '');
      return address.ok ? [address.value] : [];
    }),
  );
