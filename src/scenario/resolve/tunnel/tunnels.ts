// `tunnels` → tunnels with all that their ends are told, those that carry others before them.
import type { PlanTunnel, PlanTunnelEnd } from '../../../model/tunnel.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import { millis } from '../quantity.ts';
import { type Ends, allotAddresses } from './addresses.ts';
import { type BundleDraft, draftBundles } from './bundle-drafts.ts';
import { type ResolvedBundle, resolveBundles } from './bundles.ts';
import { closedFamilies } from './closed-families.ts';
import { type Way, findWay } from './endpoint.ts';
import { type TunnelMark, marksOf } from './marks.ts';
import { resolveMigration } from './migration.ts';
import { mtuWithin } from './mtu.ts';
import { Ports } from './ports.ts';
import { routedPrefixes } from './routed-prefixes.ts';
import { type TunnelDraft, orderTunnels } from './order.ts';

export interface ResolvedTunnel {
  readonly path: Path;
  readonly tunnel: PlanTunnel;
  /** Prefixes of what of the client goes by it. */
  readonly routed: readonly string[];
  /** The number of the table that has them; the next one has the way of its own packets. */
  readonly table: number;
  /** Families in which nothing of the client may go by another way. */
  readonly closed: readonly (4 | 6)[];
}

export interface ResolvedTunnels {
  readonly tunnels: readonly ResolvedTunnel[];
  readonly bundles: readonly ResolvedBundle[];
}

/** Those that cannot be are left out: that has been reported. */
export function resolveTunnels(context: Context, lab: Lab): ResolvedTunnels {
  const drafts = orderTunnels(context, lab);
  const bundles = draftBundles(context, drafts);
  const marks = marksOf(drafts, bundles);
  const done = resolveEnded(context, lab, drafts, bundles, marks);
  return {
    tunnels: [...done.values()],
    bundles: resolveBundles(context, lab, bundles, marks, done),
  };
}

/** Those that have ends, by name. */
function resolveEnded(
  context: Context,
  lab: Lab,
  drafts: readonly TunnelDraft[],
  bundles: readonly BundleDraft[],
  marks: ReadonlyMap<string, TunnelMark>,
): ReadonlyMap<string, ResolvedTunnel> {
  const addresses = allotAddresses(context, lab, drafts, bundles);
  const ports = new Ports(drafts);
  const done = new Map<string, ResolvedTunnel>();
  for (const draft of drafts) {
    const own = addresses.get(draft.name);
    const carriers = draft.over.flatMap((name) => done.get(name)?.tunnel ?? []);
    if (own === undefined || carriers.length < draft.over.length) continue;
    const way = findWay(context, lab, draft, carriers);
    const mtu = way && mtuWithin(context, draft, own, way, carriers);
    if (way === undefined || mtu === undefined) continue;
    const mark = marks.get(draft.name) ?? { mark: 0, table: 0 };
    const routed = routedPrefixes(context, lab, draft, own.client);
    const { client, server } = endsOf(draft, own, way, mark.mark, ports);
    const tunnel: PlanTunnel = {
      name: draft.name,
      client,
      server,
      mtu,
      keepalive: Math.ceil(millis(draft.written.wireguard.keepalive ?? KEEPALIVE) / 1000),
      over: draft.over,
      migration:
        draft.over.length === 0
          ? null
          : resolveMigration(context, draft, {
              table: mark.table + 1,
              families: [way.family],
            }),
    };
    const closed = closedFamilies(draft.client, own.client, routed);
    done.set(draft.name, { path: draft.path, tunnel, routed, table: mark.table, closed });
  }
  return done;
}

/** What keeps the mapping of most NATs (wg(8)). */
const KEEPALIVE = '25s';

function endsOf(
  draft: TunnelDraft,
  addresses: Ends,
  way: Way,
  mark: number,
  ports: Ports,
): { readonly client: PlanTunnelEnd; readonly server: PlanTunnelEnd } {
  const { name, client, server, isCarrier } = draft;
  const port = ports.of(server.name, draft.written.wireguard.port);
  const everything = addresses.client.map((text) => (text.includes(':') ? '::/0' : '0.0.0.0/0'));
  const goesBeyond = isCarrier || draft.route !== 'none';
  return {
    client: {
      node: client.name,
      interface: name,
      addresses: addresses.client,
      port: ports.of(client.name, undefined),
      fwmark: mark,
      endpoint: { address: way.address, port },
      allowed: goesBeyond ? everything : addresses.server,
    },
    server: {
      node: server.name,
      interface: name,
      addresses: addresses.server,
      port,
      fwmark: 0,
      endpoint: null,
      allowed: addresses.client,
    },
  };
}
