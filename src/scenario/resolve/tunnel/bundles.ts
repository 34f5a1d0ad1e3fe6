// Tunnels without ends → what goes by them, and when it goes over another of those that they are made of.
import type { PlanBundle, PlanTunnel } from '../../../model/tunnel.ts';
import type { Span } from '../../../model/censor.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import type { BundleDraft } from './bundle-drafts.ts';
import { closedFamilies } from './closed-families.ts';
import { type TunnelMark, markSpan } from './marks.ts';
import { resolveMigration } from './migration.ts';
import { routedPrefixes } from './routed-prefixes.ts';

export interface ResolvedBundle {
  readonly path: Path;
  readonly bundle: PlanBundle;
  /** Families in which nothing of what is routed may go by another way. */
  readonly closed: readonly (4 | 6)[];
  /** What marks the packets of tunnels themselves, of this one's client. */
  readonly marks: Span;
  /** Of those that sockets stay with: the table of each tunnel of `over`, and the addresses that look into it. */
  readonly kept: readonly KeptWay[];
}

export interface KeptWay {
  readonly tunnel: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
  readonly table: number;
}

interface CarrierTunnel {
  readonly tunnel: PlanTunnel;
  readonly table: number;
}

/** Those over a tunnel that could not be resolved are left out: that has been reported. */
export function resolveBundles(
  context: Context,
  lab: Lab,
  drafts: readonly BundleDraft[],
  marks: ReadonlyMap<string, TunnelMark>,
  tunnels: ReadonlyMap<string, CarrierTunnel>,
): readonly ResolvedBundle[] {
  return drafts.flatMap((draft): ResolvedBundle[] => {
    const { name, path, client, over, stays } = draft;
    const carriers = over.flatMap((carrier) => tunnels.get(carrier) ?? []);
    const [first] = carriers;
    if (first === undefined || carriers.length < over.length) return [];
    const carried = carriers.map(({ tunnel }) => tunnel.client.addresses);
    const own = first.tunnel.client.addresses.filter((text) =>
      carried.every((addresses) => addresses.some((other) => isIpv6(other) === isIpv6(text))),
    );
    const routed = routedPrefixes(context, lab, draft, own);
    const table = (marks.get(name)?.table ?? 0) + 1;
    const families = ([4, 6] as const).filter((family) =>
      own.some((text) => isIpv6(text) === (family === 6)),
    );
    const migration = resolveMigration(context, draft, { table, families });
    return [
      {
        path,
        bundle: {
          ...{ name, client: client.name, over, routed, migration },
          connections: stays ? 'stay' : 'move',
        },
        closed: closedFamilies(client, own, routed),
        marks: markSpan(marks),
        kept: stays
          ? carriers.map(({ tunnel, table: its }) => ({
              ...{ tunnel: tunnel.name, addresses: tunnel.client.addresses, table: its },
            }))
          : [],
      },
    ];
  });
}

const isIpv6 = (text: string): boolean => text.includes(':');
