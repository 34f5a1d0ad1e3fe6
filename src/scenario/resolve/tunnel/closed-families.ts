import type { Node } from '../topology.ts';

/** Families in which nothing of a client may go by another way: where all of one goes by a tunnel, one that it does not carry goes nowhere. */
export function closedFamilies(
  client: Node,
  own: readonly string[],
  routed: readonly string[],
): readonly (4 | 6)[] {
  const isAll = routed.some((prefix) => prefix.endsWith('/0'));
  const families = new Set(routed.map((prefix) => (prefix.includes(':') ? 6 : 4)));
  if (isAll) {
    for (const { addresses } of client.members)
      for (const { address } of addresses) families.add(address.family);
    for (const text of own) families.add(text.includes(':') ? 6 : 4);
  }
  return ([4, 6] as const).filter((family) => families.has(family));
}
