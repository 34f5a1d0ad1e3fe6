// Whom a mirror's target answers when it answers copies.
import { formatIp, formatPrefix, networkAddress, prefixContains } from '../../base/addresses.ts';
import type { PlanMirror } from '../../model/mirror.ts';
import type { PlanNode } from '../../model/plan.ts';
import { plannedPrefix } from '../../model/planned-address.ts';

export interface ClientPlaces {
  /** What copies come from, at the target; none holds another. */
  readonly prefixes: readonly string[];
  /** Addresses in these of nodes that are no clients. */
  readonly spared: readonly string[];
  /** The nodes that are clients, to whom answers of the target may not come. */
  readonly nodes: readonly string[];
}

/** Of one family. Where the mirror names no prefixes, clients are all nodes that have no part in it. */
export function clientPlaces(
  { online, target, assistant, clients, mapped }: PlanMirror,
  nodes: readonly PlanNode[],
  family: 4 | 6,
): ClientPlaces {
  const parts = new Set([online.node, target.node, assistant]);
  // A router may be a client too, by its own address or in the name of those behind it: only a prefix does not mean it.
  const isClient = ({ name, forwarding }: PlanNode): boolean =>
    !parts.has(name) && (clients.length === 0 || !forwarding);
  const addressesOf = (node: PlanNode): string[] =>
    node.interfaces
      .flatMap(({ addresses }) => addresses)
      .map((text) => formatIp(plannedPrefix(text).address))
      .filter((address) => address.includes(':') === (family === 6));
  const ofFamily = (places: readonly string[]): string[] =>
    outermost(places.filter((place) => place.includes(':') === (family === 6)));
  const written = ofFamily(clients);
  const all = nodes.filter(isClient).flatMap(addressesOf).map(alone);
  const own = clients.length === 0 ? all : written;
  const isIn = (address: string, places: readonly string[]): boolean =>
    places.some((place) => prefixContains(plannedPrefix(place), plannedPrefix(address).address));
  const others = ofFamily(mapped);
  const prefixes = others.length > 0 ? others : own;
  return {
    prefixes,
    spared: nodes
      .filter((node) => !isClient(node))
      .flatMap(addressesOf)
      .filter((address) => isIn(address, prefixes))
      .map(alone),
    nodes: nodes
      .filter((node) => isClient(node) && addressesOf(node).some((address) => isIn(address, own)))
      .map(({ name }) => name),
  };
}

const alone = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`;

function outermost(places: readonly string[]): string[] {
  const parsed = places.map(plannedPrefix);
  const kept = parsed.filter((prefix, index) =>
    parsed.every(
      (other, at) =>
        at === index ||
        other.length > prefix.length ||
        !prefixContains(other, prefix.address) ||
        (other.length === prefix.length && at > index),
    ),
  );
  return kept.map((prefix) => formatPrefix({ ...prefix, address: networkAddress(prefix) }));
}
