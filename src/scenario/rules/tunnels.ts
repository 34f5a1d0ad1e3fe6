import type { PlanBundle, PlanTunnel, PlanTunnelEnd } from '../../model/tunnel.ts';
import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import type { Lab } from '../resolve/lab.ts';
import { GROUP_MASK } from '../resolve/tunnel/marks.ts';
import type { ResolvedBundle } from '../resolve/tunnel/bundles.ts';
import type { ResolvedTunnel } from '../resolve/tunnel/tunnels.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Tunnels have names, addresses, ports, marks and tables that are nobody else's, and migrate where there is a choice. */
export const tunnels: Rule = (context, { tunnels: all, bundles, lab }) => {
  for (const resolved of all) {
    checkName(context, resolved, lab);
    checkMigration(context, resolved.path, resolved.tunnel);
    checkConnections(context, resolved);
  }
  for (const { path, bundle } of bundles) checkMigration(context, path, bundle);
  checkDefaults(context, all, bundles);
  checkPorts(context, all);
  checkAddresses(context, all);
  checkCarrierAddresses(context, [
    ...all.map(({ path, tunnel }) => ({ ...tunnel, path, client: tunnel.client.node })),
    ...bundles
      .filter(({ kept }) => kept.length === 0)
      .map(({ path, bundle }) => ({ ...bundle, path })),
  ]);
  for (const bundle of bundles) checkKept(context, bundle);
  checkMarks(
    context,
    [
      ...all.map(({ tunnel, table }) => ({ node: tunnel.client.node, table })),
      ...bundles.map(({ bundle }) => ({
        node: bundle.client,
        table: bundle.migration.table - 1,
      })),
    ],
    lab,
  );
};

function checkName(context: Context, { path, tunnel }: ResolvedTunnel, { topology }: Lab): void {
  const { name, client, server } = tunnel;
  const report = (what: string): void =>
    context.report('S195', path, `${what} has the name "${name}"`, {
      key: true,
      help: 'Give the tunnel another name: its interfaces and captures have it',
    });
  const reserved = RESERVED.get(name);
  if (reserved !== undefined) report(reserved);
  if (topology.networks.has(name)) report('A network');
  for (const { node } of [client, server])
    if (topology.nodes.get(node)?.members.some((side) => side.interface === name) === true)
      report(`An interface of "${node}"`);
}

/** What the kernel takes for itself (dev_valid_name(), and the folders of /proc/sys/net/ipv4/conf). */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ['lo', 'The loopback interface of each host'],
  ['all', 'What the kernel sets for all interfaces'],
  ['default', 'What the kernel sets for new interfaces'],
]);

function checkMigration(
  context: Context,
  path: Path,
  tunnel: Pick<PlanTunnel, 'name' | 'over'>,
): void {
  const written = context.scenario.tunnels?.[tunnel.name]?.migrate;
  if (written === undefined) return;
  const at = [...path, 'migrate'];
  if (tunnel.over.length === 0)
    context.report('S194', at, `The tunnel "${tunnel.name}" goes over no other`, {
      key: true,
      help: 'Add "over" with the tunnels that it is to migrate between, or remove "migrate"',
    });
  const wants = {
    weights: ['weighted'],
    alpha: ['dirichlet', 'batched'],
    batch: ['batched'],
    file: ['trace'],
  };
  for (const [key, policies] of Object.entries(wants))
    if (key in written && !policies.includes(written.policy))
      context.report('S194', [...at, key], `The policy "${written.policy}" has no "${key}"`, {
        key: true,
        help: `It goes with ${policies.join(' and ')}`,
      });
}

/** Of a tunnel with ends, connections go by it, and none is moved. */
function checkConnections(context: Context, { path, tunnel }: ResolvedTunnel): void {
  if (context.scenario.tunnels?.[tunnel.name]?.connections === undefined) return;
  const at = [...path, 'connections'];
  context.report('S220', at, `The tunnel "${tunnel.name}" has ends, and keeps all connections`, {
    key: true,
    help: 'Remove "connections", or "wireguard" if there is to be no tunnel around them',
  });
}

function checkDefaults(
  context: Context,
  tunnels: readonly ResolvedTunnel[],
  bundles: readonly ResolvedBundle[],
): void {
  const all = [
    ...tunnels.map(({ path, tunnel, routed }) => ({
      ...{ path, name: tunnel.name, client: tunnel.client.node, routed },
    })),
    ...bundles.map(({ path, bundle }) => ({ path, ...bundle })),
  ];
  const routed = all.filter((item) => item.routed.some((prefix) => prefix.endsWith('/0')));
  for (const [node, [first, ...others]] of groupBy(routed, ({ client }) => client))
    for (const { path, name } of others)
      context.report(
        'S195',
        path,
        `All of "${node}" is to go by "${first?.name ?? ''}" and by "${name}"`,
        { key: true, help: 'Write "route: none" or prefixes for one of the two' },
      );
}

function checkPorts(context: Context, all: readonly ResolvedTunnel[]): void {
  const byPlace = groupBy(all, ({ tunnel }) => `${tunnel.server.node} ${tunnel.server.port}`);
  for (const [first, ...others] of byPlace.values())
    for (const { path, tunnel } of others)
      context.report(
        'S195',
        [...path, 'wireguard', 'port'],
        `The tunnel "${first?.tunnel.name ?? ''}" has the port ${tunnel.server.port} of "${tunnel.server.node}"`,
        { help: 'Leave "port" out to have a free one' },
      );
}

/** One host may have an address on several tunnels that carry the same one; no other may have it. */
function checkAddresses(context: Context, all: readonly ResolvedTunnel[]): void {
  const owners = new Map<string, PlanTunnelEnd>();
  for (const { path, tunnel } of all)
    for (const end of [tunnel.client, tunnel.server])
      for (const address of end.addresses) {
        const first = owners.get(address);
        if (first === undefined) owners.set(address, end);
        else if (first.node !== end.node)
          context.report(
            'S193',
            [...path, 'wireguard', 'addresses'],
            `The address ${address} is that of "${first.node}" on "${first.interface}" and of "${end.node}" on "${end.interface}"`,
            { help: 'Write another, or leave it out to have one allotted' },
          );
      }
}

/** A tunnel's packets have one source, whatever carries them; so has what moves between the tunnels of a bundle. */
function checkCarrierAddresses(
  context: Context,
  all: readonly (Pick<PlanBundle, 'name' | 'client' | 'over'> & { readonly path: Path })[],
): void {
  const names = new Set(all.map(({ name }) => name));
  for (const { name, client, over, path } of all) {
    const [first, ...others] = over.flatMap((carrier) => {
      const written = context.scenario.tunnels?.[carrier]?.wireguard?.addresses?.client;
      return written === undefined ? [] : [{ name: carrier, written: [written].flat().join(' ') }];
    });
    const odd = others.find(({ written }) => written !== first?.written);
    if (odd !== undefined && names.has(odd.name))
      context.report(
        'S193',
        [...path, 'over'],
        `The tunnels "${first?.name ?? ''}" and "${odd.name}" have different addresses at "${client}"`,
        { help: `Whatever carries "${name}" has the same address there: write it once` },
      );
  }
}

/** A socket is known to stay with a tunnel by the address that it is bound to. */
function checkKept(context: Context, { path, bundle, kept }: ResolvedBundle): void {
  const owners = new Map<string, string>();
  for (const { tunnel, addresses } of kept)
    for (const address of addresses) {
      const first = owners.get(address) ?? tunnel;
      owners.set(address, first);
      if (first === tunnel) continue;
      context.report(
        'S220',
        [...path, 'connections'],
        `The tunnels "${first}" and "${tunnel}" have one address at "${bundle.client}": ${address}`,
        { help: 'Connections stay where each has its own: let no other tunnel go over both' },
      );
      return;
    }
}

/** `all`: the first mark of each, which is that of its table as well, or 0. */
function checkMarks(
  context: Context,
  all: readonly { readonly node: string; readonly table: number }[],
  lab: Lab,
): void {
  const isTaken = (on: string, number: number): boolean =>
    all.some(
      ({ node, table }) => node === on && table !== 0 && (number & GROUP_MASK) >>> 0 === table,
    );
  const report = (path: readonly (string | number)[], what: string, number: number): void =>
    context.report('S195', path, `The ${what} ${number} is one of the tunnels of this host`, {
      help: `Tunnels have those from 51820 on: write another ${what}`,
    });
  for (const [index, { on, fwmark }] of (context.scenario.rules ?? []).entries())
    if (fwmark !== undefined && isTaken(on, fwmark))
      report(['rules', index, 'fwmark'], 'mark', fwmark);
  const seen = new Set<string>();
  for (const { on, path, value } of [...lab.writtenRoutes, ...lab.writtenRules]) {
    const { table } = value;
    const key = path.join('.');
    if (table === 'main' || seen.has(key) || !isTaken(on, table)) continue;
    seen.add(key);
    report([...path, 'table'], 'table', table);
  }
}
