// Tunnels as written that have no ends of their own: several of one client, with none around them.
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Tunnel } from '../../../model/scenario-file.ts';
import { type TunnelDraft, carriersIn, checkOver, hasEnds, routeOf } from './order.ts';

export interface BundleDraft extends Pick<TunnelDraft, 'name' | 'client' | 'over' | 'route'> {
  readonly path: Path;
  readonly written: Tunnel;
  /** Whether sockets stay with the tunnel that was in force when they were bound. */
  readonly stays: boolean;
}

/** What cannot be is reported, and left out. */
export function draftBundles(
  context: Context,
  tunnels: readonly TunnelDraft[],
): readonly BundleDraft[] {
  const byName = new Map(tunnels.map((draft) => [draft.name, draft]));
  return Object.entries(context.scenario.tunnels ?? {}).flatMap(([name, written]) => {
    if (hasEnds(written)) return [];
    const path = ['tunnels', name];
    const over = carriersIn(context)(written);
    if (over.length === 0) {
      if (!context.partial)
        context.report('S220', path, `The tunnel "${name}" has no ends, and goes over no other`, {
          key: true,
          help: 'Add "wireguard" with its client and server, or "over" with tunnels that have them',
        });
      return [];
    }
    const carriers = over.flatMap((carrier) => byName.get(carrier) ?? []);
    // Of tunnels that are not there, the check speaks as well.
    const client = carriers[0]?.client ?? tunnels[0]?.client;
    if (client === undefined) return [];
    const draft = { name, path, written, client, over };
    if (!checkOver(context, draft, byName)) return [];
    const route = routeOf(written, 'default');
    if (route === 'none')
      context.report('S220', [...path, 'route'], `Nothing is to go by "${name}"`, {
        help: `It has no ends of its own: write what of "${client.name}" goes by it, or leave "route" out`,
      });
    return route === 'none' ? [] : [{ ...draft, route, stays: written.connections === 'stay' }];
  });
}
