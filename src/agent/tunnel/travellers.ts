// What goes by tunnels and is told of: each tunnel by itself, and each bundle of several. Both have ways, switches and leaks.
import type { Plan } from '../../model/plan.ts';
import type { Migration } from '../../model/tunnel.ts';

export interface Traveller {
  readonly name: string;
  /** Its client's. */
  readonly node: string;
  /** The tunnels whose ends are its own: itself, or all of a bundle. */
  readonly ends: readonly string[];
  readonly over: readonly string[];
  /** Null of a tunnel that is over no other. */
  readonly migration: Migration | null;
}

/** In the plan's order, in which they are then in the record: tunnels before bundles. */
export const travellersOf = ({
  tunnels = [],
  bundles = [],
}: Pick<Plan, 'tunnels' | 'bundles'>): readonly Traveller[] => [
  ...tunnels.map(({ name, client, over, migration }) => ({
    ...{ name, node: client.node, ends: [name], over, migration },
  })),
  ...bundles.map(({ name, client, over, migration }) => ({
    ...{ name, node: client, ends: over, over, migration },
  })),
];
