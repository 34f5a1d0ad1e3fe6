import type { PlanProxy } from '../../../model/plan.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import { resolveRelay } from './relay.ts';

export interface ResolvedProxy {
  readonly path: Path;
  readonly proxy: PlanProxy;
}

/** Those that cannot be are left out: that has been reported. */
export const resolveProxies = (context: Context, lab: Lab): readonly ResolvedProxy[] =>
  Object.entries(context.scenario.proxies ?? {}).flatMap(([name, written]): ResolvedProxy[] => {
    const node = lab.topology.nodes.get(written.on);
    if (node === undefined) return [];
    const path = ['proxies', name];
    const relay = resolveRelay(context, { lab, node }, written.relay, [...path, 'relay']);
    if (relay === undefined) return [];
    const { target, listen } = relay;
    const ports = written.relay.divert ?? (listen.kind === 'unix' ? [] : listen.port);
    const divert = target === 'original' ? [...new Set([ports].flat())] : [];
    return [{ path, proxy: { name, on: node.name, relay, divert } }];
  });
