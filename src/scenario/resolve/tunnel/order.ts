// Tunnels as written, with their hosts, in an order in which each comes after those that carry it.
import type { Tunnel } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import { cycleText, findCycles } from '../../cycles.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import type { Node } from '../topology.ts';

/** What of `tunnels` has ends of its own. */
export type EndedTunnel = Tunnel & Required<Pick<Tunnel, 'wireguard'>>;

export const hasEnds = (tunnel: Tunnel | undefined): tunnel is EndedTunnel =>
  tunnel?.wireguard !== undefined;

export interface TunnelDraft {
  readonly name: string;
  readonly path: Path;
  readonly written: EndedTunnel;
  readonly client: Node;
  readonly server: Node;
  /** Of the same client, each once. */
  readonly over: readonly string[];
  /** Whether it carries others. */
  readonly isCarrier: boolean;
  readonly route: 'default' | 'none' | readonly string[];
}

/** What cannot be is reported, and left out with all that is over it. */
export function orderTunnels(context: Context, lab: Lab): readonly TunnelDraft[] {
  const written = context.scenario.tunnels ?? {};
  const overOf = carriersIn(context);
  const cycles = findCycles(Object.keys(written), (name) => overOf(written[name]));
  for (const cycle of cycles)
    context.report(
      'S190',
      ['tunnels', cycle.at(-1) ?? '', 'over'],
      `The tunnels carry each other: ${cycleText(cycle, ' over ')}`,
      { help: 'Remove one of them from the "over" of another' },
    );
  const circular = new Set(cycles.flat());
  const carriers = new Set(Object.values(written).flatMap(overOf));
  const drafts = new Map<string, TunnelDraft>();
  const add = (name: string): void => {
    const tunnel = written[name];
    if (!hasEnds(tunnel) || drafts.has(name) || circular.has(name)) return;
    for (const carrier of overOf(tunnel)) add(carrier);
    const draft = draftOf(context, lab, name, tunnel, carriers.has(name));
    if (draft !== undefined && checkOver(context, draft, drafts)) drafts.set(name, draft);
  };
  for (const name of Object.keys(written)) add(name);
  return [...drafts.values()];
}

/** Each once, without those that are switched off. */
export const carriersIn =
  ({ off }: Pick<Context, 'off'>) =>
  (tunnel: Tunnel | undefined): readonly string[] =>
    [...new Set([tunnel?.over ?? []].flat())].filter((name) => !off.tunnels.has(name));

function draftOf(
  context: Context,
  lab: Lab,
  name: string,
  written: EndedTunnel,
  isCarrier: boolean,
): TunnelDraft | undefined {
  const path = ['tunnels', name];
  const client = lab.topology.nodes.get(written.wireguard.client);
  const server = lab.topology.nodes.get(written.wireguard.server);
  if (client === undefined || server === undefined) return undefined;
  for (const [side, node] of [['client', client] as const, ['server', server] as const])
    if (!checkEnd(context, node, [...path, 'wireguard', side])) return undefined;
  if (client === server) {
    context.report('S192', path, `The tunnel "${name}" begins where it ends: "${client.name}"`, {
      key: true,
      help: 'Name two hosts',
    });
    return undefined;
  }
  const isLast = written.over !== undefined && !isCarrier;
  return {
    name,
    path,
    written,
    client,
    server,
    over: carriersIn(context)(written),
    isCarrier,
    route: routeOf(written, isLast ? 'default' : 'none'),
  };
}

export function routeOf({ route }: Tunnel, implied: 'default' | 'none'): TunnelDraft['route'] {
  if (route === undefined) return implied;
  return route === 'default' || route === 'none' ? route : [route].flat();
}

function checkEnd(context: Context, node: Node, path: Path): boolean {
  if (node.stack === 'namespace' && node.bridge === undefined) return true;
  const what = node.bridge === undefined ? 'is not on a stack of its own' : 'is a bridge';
  context.report('S192', path, `The ${node.kind} "${node.name}" ${what} and cannot have a tunnel`, {
    help: 'Name a host or container of the lab',
  });
  return false;
}

/** What carries a tunnel is there, begins at the same client, and ends at a host of its own. */
export function checkOver(
  context: Context,
  draft: Pick<TunnelDraft, 'name' | 'path' | 'client' | 'over'>,
  drafts: ReadonlyMap<string, TunnelDraft>,
): boolean {
  const path = [...draft.path, 'over'];
  const servers = new Map<string, string>();
  let holds = true;
  const refuse = (code: string, message: string, help: string): void => {
    holds = false;
    context.report(code, path, message, { help });
  };
  const written = context.scenario.tunnels ?? {};
  const names = Object.keys(written);
  for (const name of draft.over) {
    const carrier = drafts.get(name);
    if (carrier === undefined) {
      holds = false;
      if (names.includes(name) && !hasEnds(written[name]))
        refuse(
          'S220',
          `"${name}" has no ends, and cannot carry "${draft.name}"`,
          `Write the tunnels that "${name}" goes over instead`,
        );
      if (names.includes(name) || context.partial) continue;
      refuse(
        'S191',
        `There is no tunnel "${name}"`,
        context.suggest(name, names) ?? 'Declare it under "tunnels"',
      );
      continue;
    }
    const { client, server } = carrier;
    const first = servers.get(server.name);
    servers.set(server.name, name);
    if (client !== draft.client)
      refuse(
        'S192',
        `The tunnel "${name}" begins at "${client.name}", and "${draft.name}" at "${draft.client.name}"`,
        'A tunnel goes over tunnels of the same client',
      );
    else if (first !== undefined)
      refuse(
        'S192',
        `The tunnels "${first}" and "${name}" lead to the same host "${server.name}"`,
        'Each of "over" needs a server of its own',
      );
  }
  return holds;
}
