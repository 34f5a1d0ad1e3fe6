// Who between two captures did it.
import type { Plan } from '../model/plan.ts';
import type { Stretch } from './aligned.ts';

/** The node that added or changed a packet on this part of the way, or null when it cannot be told. */
export function suspect(plan: Plan, { nodes, links }: Stretch): string | null {
  if (nodes.length === 1) return nodes[0] ?? null;
  const censors = unique(plan.censors.map(({ on }) => on));
  const passed = nodes.filter((node) => censors.includes(node));
  if (nodes.length > 0) return only(passed);
  // Only a link: somebody attached to it.
  const attached = links.flatMap(({ network }) =>
    plan.networks
      .filter(({ name }) => name === network)
      .flatMap(({ members }) => members.map(({ node }) => node)),
  );
  return only(unique(attached.filter((node) => censors.includes(node))));
}

/** `middle`, or the part of the way where it happened. */
export function describeSuspect(by: string | null, { nodes, links }: Stretch): string {
  if (by !== null) return by;
  if (nodes.length > 0) return `one of ${nodes.join(', ')}`;
  return `somebody on network ${links.map(({ network }) => network).join(', ')}`;
}

const only = (names: readonly string[]): string | null =>
  names.length === 1 ? (names[0] ?? null) : null;

const unique = (names: readonly string[]): string[] => [...new Set(names)];
