import { formatMillis } from '../base/units.ts';
import type { Plan, PlanRoute, PlanRule } from '../model/plan.ts';
import type { TunnelControl } from '../model/traffic.ts';
import type {
  Migration,
  PlanBundle,
  PlanTunnel,
  PlanTunnelEnd,
  TunnelEndpoint,
} from '../model/tunnel.ts';
import { groupBy } from './group.ts';
import { counted } from './text.ts';

export function renderTunnelControl({
  name,
  tunnel,
  at,
  after,
  do: change,
}: TunnelControl): string[] {
  const what =
    change.kind === 'switch'
      ? `switch ${tunnel} to ${change.to}`
      : `${change.enabled ? 'migrate' : 'hold'} ${tunnel}`;
  const when = [
    ...(at === 0 ? [] : [`at ${formatMillis(at)}`]),
    ...(after.length === 0 ? [] : [`after ${after.join(', ')}`]),
  ];
  return [[name, what, ...when].join('  ')];
}

/** Each tunnel with its ends; and, in the words of CoMPS, the rules and tables of each client. */
export const renderTunnels = (plan: Plan): string[] => [
  ...(plan.tunnels ?? []).flatMap(renderTunnel),
  ...(plan.bundles ?? []).flatMap(renderBundle),
  ...[...new Set((plan.tunnels ?? []).map(({ client }) => client.node))].flatMap((node) =>
    renderPolicy(plan, node),
  ),
];

function renderTunnel({
  name,
  client,
  server,
  mtu,
  keepalive,
  over,
  migration,
}: PlanTunnel): string[] {
  const head = [name, 'wireguard', `${client.node} -> ${server.node}`, `mtu ${mtu}`];
  const carried = over.length === 0 ? [] : [`over ${over.join(', ')}`];
  const alive = keepalive === 0 ? [] : [`keepalive ${keepalive}s`];
  return [
    [...head, ...alive, ...carried].join('  '),
    ...[client, server].map((end) => `  ${renderEnd(end)}`),
    ...(migration === null ? [] : [`  ${renderMigration(migration)}`]),
  ];
}

const renderBundle = ({ name, client, over, routed, ...rest }: PlanBundle): string[] => [
  [name, `${client} -> ${routed.join(', ')}`, `over ${over.join(', ')}`].join('  '),
  `  ${renderMigration(rest.migration)}; connections ${rest.connections}`,
];

const renderEnd = ({ node, interface: device, ...end }: PlanTunnelEnd): string =>
  [
    `${node}  ${device}  ${end.addresses.join(' ')}  port ${end.port}`,
    ...(end.fwmark === 0 ? [] : [`fwmark ${end.fwmark}`]),
    ...(end.endpoint === null ? [] : [`endpoint ${renderEndpoint(end.endpoint)}`]),
    `allowed ${end.allowed.join(' ')}`,
  ].join('  ');

const renderEndpoint = ({ address, port }: TunnelEndpoint): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;

function renderMigration({ policy, every, atStart, ...rest }: Migration): string {
  if (policy === 'none') return 'stays with the first';
  const { weights, alpha, batch, trace } = rest;
  const pace = every.kind === 'time' ? formatMillis(every.ms) : `${every.count} packets`;
  const words = [
    policy === 'trace' ? `trace of ${counted(trace?.length ?? 0, 'change')}` : policy,
    ...(policy === 'trace' ? [] : [`every ${pace}`]),
    ...(weights.length === 0 ? [] : [`weights ${weights.join(' ')}`]),
    ...(policy === 'dirichlet' || policy === 'batched' ? [`alpha ${alpha}`] : []),
    ...(batch === null ? [] : [`batches of ${batch.low} to ${batch.high}`]),
    ...(atStart ? [] : ['once it is started']),
  ];
  return `migrates ${words.join(', ')}`;
}

function renderPolicy({ steps }: Plan, node: string): string[] {
  const own = steps.filter(({ id }) => id.startsWith('tunnel:')).map((step) => step.do);
  const rules = own.flatMap((action) =>
    action.kind === 'rule' && action.node === node ? [action.rule] : [],
  );
  if (rules.length === 0) return [];
  const routes = own.flatMap((action) =>
    action.kind === 'route' && action.node === node && action.route.table !== 'main'
      ? [action.route]
      : [],
  );
  const remarks = own.flatMap((action) =>
    action.kind === 'remark' && action.node === node ? [action.remark] : [],
  );
  return [
    `rules of ${node}, first to last`,
    ...rules
      .toSorted((left, right) => left.priority - right.priority)
      .map((rule) => `  ${ruleInWords(rule)}`),
    ...Array.from(
      groupBy(routes, ({ table }) => table),
      ([table, ways]) => `table ${table} of ${node}: ${ways.map(routeInWords).join('; ')}`,
    ),
    ...remarks.map(({ mark, to }) => `packets of mark ${mark} leave ${node} with mark ${to}`),
  ];
}

/** As ip-rule(8) prints it. */
function ruleInWords({ family, not, from, to, fwmark, mask, table }: PlanRule): string {
  const mark = mask === undefined ? `${fwmark ?? 0}` : `${fwmark ?? 0}/0x${mask.toString(16)}`;
  return [
    `${family === 6 ? 'IPv6: ' : ''}${not === true ? 'not ' : ''}from ${from ?? 'all'}`,
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(fwmark === undefined ? [] : [`fwmark ${mark}`]),
    `lookup ${table}`,
  ].join(' ');
}

/** As ip-route(8) prints it. */
function routeInWords({ to, interface: device, kind, metric }: PlanRoute): string {
  const target = to === '0.0.0.0/0' ? 'default' : to === '::/0' ? 'default (IPv6)' : to;
  if (kind !== 'unicast') return `${kind} ${target} metric ${metric ?? 0}`;
  return `${target} dev ${device}`;
}
