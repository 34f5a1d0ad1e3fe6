// A plan for people: what `runner plan` prints.
import { paramText } from '../model/param-text.ts';
import { printable } from '../base/printable.ts';
import { formatMillis, formatRate } from '../base/units.ts';
import { renderCensor, renderCensorControl } from './render-censor.ts';
import type { Plan, PlanCensor, PlanNetwork, PlanNode } from '../model/plan.ts';
import type { QuicMigration } from '../model/probe.ts';
import { servicePorts } from '../model/service-ports.ts';
import type { WebSpec } from '../model/web.ts';
import type { Control, Flow, Pace, ProbeSpec, Schedule, Service } from '../model/traffic.ts';
import { planHash, shortHash } from './plan-hash.ts';
import { LOCAL_MACHINE } from '../model/machine.ts';
import { machineNetworkUse } from '../model/machine-network.ts';
import { groupBy } from './group.ts';
import { NODE_KINDS } from './nodes.ts';
import { renderContainer } from './render-container.ts';
import { renderMirror } from './render-mirror.ts';
import { renderProxy, renderProxyControl } from './render-relay.ts';
import { renderTunnelControl, renderTunnels } from './render-tunnel.ts';
import { renderScript } from './render-script.ts';
import { renderVisit } from './render-visit.ts';
import { isSpread, renderMachines } from './render-machines.ts';
import { counted } from './text.ts';

export function renderPlan(plan: Plan): string {
  const title = [
    plan.scenario,
    ...countedNodes(plan),
    counted(plan.networks.length, 'network'),
    `plan ${shortHash(planHash(plan))}`,
    `seed ${plan.seed}`,
  ].join(' · ');
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['IN THE STACKS OF MACHINES', machineNetworkUse(plan)],
    ['params', Object.entries(plan.params).map(([name, value]) => `${name} = ${paramText(value)}`)],
    ['machines', renderMachines(plan)],
    ['hosts', nodesOf(plan, 'host').flatMap((node) => renderNode(node, isSpread(plan)))],
    ['containers', nodesOf(plan, 'container').flatMap((node) => renderNode(node, isSpread(plan)))],
    ['networks', plan.networks.flatMap(renderNetwork)],
    [
      'censors',
      [...groupBy(plan.censors, ({ name }) => name).values()].flatMap((own) =>
        own.slice(0, 1).flatMap((censor) =>
          renderCensor(
            censor,
            own.map(({ on }) => on),
            howSeen(censor, plan.nodes),
          ),
        ),
      ),
    ],
    ['proxies', (plan.proxies ?? []).flatMap(renderProxy)],
    ['tunnels', renderTunnels(plan)],
    ['mirrors', (plan.mirrors ?? []).flatMap(renderMirror)],
    ['services', plan.services.map(renderService)],
    [
      'traffic',
      [...plan.flows.flatMap(renderFlow), ...(plan.controls ?? []).flatMap(renderControl)],
    ],
    [
      'captures',
      plan.captures.map(
        ({ file, interface: device, filter }) =>
          `${file}  ${device}${filter === '' ? '' : `  ${filter}`}`,
      ),
    ],
    [
      'expectations',
      [
        ...plan.expectations.map(({ id }) => id),
        ...((plan.leftOut ?? 0) === 0 ? [] : [`${plan.leftOut ?? 0} of censors left out`]),
      ],
    ],
    [
      'steps',
      [
        ...plan.steps.flatMap((step, index) => [
          `${index + 1}. ${isSpread(plan) ? `[${step.machine ?? LOCAL_MACHINE}] ` : ''}${step.command}`,
          `   undo: ${step.undo}`,
        ]),
        'then links are measured, captures and services started, and traffic runs (the lists above)',
      ],
    ],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => `${name}\n${lines.map((line) => `  ${printable(line)}\n`).join('')}`);
  return [`${printable(title)}\n`, ...body].join('\n');
}

function renderControl(control: Control): string[] {
  if ('tunnel' in control) return renderTunnelControl(control);
  return 'proxy' in control ? renderProxyControl(control) : renderCensorControl(control);
}

/** `3 hosts`, `1 container`: of either only what there is. */
export const countedNodes = (plan: Pick<Plan, 'nodes'>): string[] =>
  NODE_KINDS.flatMap((kind) => {
    const { length } = nodesOf(plan, kind);
    return length === 0 ? [] : [counted(length, kind)];
  });

const nodesOf = ({ nodes }: Pick<Plan, 'nodes'>, kind: PlanNode['kind']): PlanNode[] =>
  nodes.filter((node) => node.kind === kind);

/** What becomes of a packet that passes through, by the node's packet path. */
const PATH_WORDS: Readonly<Record<PlanNode['path'], string>> = {
  kernel: 'kernel: each packet goes straight through',
  ring: 'ring: each packet goes through runner until its flow is decided, then the kernel carries it',
  nfqueue: 'nfqueue: the kernel asks runner about each packet',
};

const RING_BRIDGE = 'ring: each frame goes through runner';

const STACK_WORDS: Readonly<Record<PlanNode['stack'], string>> = {
  namespace: '',
  machine: '  stack of the machine',
  engine: '  bridge of the engine',
};

function renderNode(node: PlanNode, isSpread: boolean): string[] {
  const role = node.forwarding ? `  forwards (${PATH_WORDS[node.path]})` : bridgeText(node);
  const own = STACK_WORDS[node.stack];
  return [
    `${node.name}${isSpread ? `  on ${node.machine}` : ''}${role}${own}`,
    ...(node.container === undefined ? [] : renderContainer(node.container)),
    ...node.interfaces.map(({ name, mac, mtu, addresses }) =>
      [`  ${name}`, mac, `mtu ${mtu}`, addresses.join(' ')].filter(Boolean).join('  '),
    ),
    ...node.routes.map((route) => {
      const via = route.via === undefined ? '' : ` via ${route.via}`;
      const kind = route.kind === 'unicast' ? '' : `${route.kind} `;
      const table = route.table === 'main' ? '' : `  table ${route.table}`;
      return `  route ${kind}${route.to}${via} dev ${route.interface}${table}`;
    }),
    ...node.rules.map((rule) => {
      const from = rule.from === undefined ? '' : ` from ${rule.from}`;
      const to = rule.to === undefined ? '' : ` to ${rule.to}`;
      const mark = rule.fwmark === undefined ? '' : ` fwmark ${rule.fwmark}`;
      return `  rule ${rule.priority}:${from}${to}${mark} table ${rule.table}`;
    }),
    ...node.nat.map((nat) => `  masquerade out of ${nat.interface}`),
  ];
}

function bridgeText({ bridge }: PlanNode): string {
  switch (bridge?.kind) {
    case undefined:
      return '';
    case 'kernel':
      return `  bridge ${bridge.interface} (kernel: each frame goes straight through)`;
    case 'ring':
      return `  bridge (${RING_BRIDGE})`;
    case 'program':
      return '  bridge (program: frames go through when a program of its own carries them)';
  }
}

function renderNetwork(network: PlanNetwork): string[] {
  const words = [
    network.name,
    network.kind,
    network.subnets.join(' '),
    `mtu ${network.mtu}`,
    network.segment === undefined ? '' : `segment ${network.segment}`,
    network.uplink ? `uplink ${network.gateway.join(' ')}` : '',
  ];
  return [
    words.filter(Boolean).join('  '),
    ...(network.trunks ?? []).map(
      ({ machine, interface: device, peers }) =>
        `  ${machine}  ${device}  trunk to ${peers.join(', ')}`,
    ),
    ...network.members.map((member) => {
      const { impairment } = member;
      const effects =
        impairment === undefined
          ? []
          : [
              impairment.delay > 0 ? `delay ${formatMillis(impairment.delay)}` : '',
              impairment.jitter > 0 ? `jitter ${formatMillis(impairment.jitter)}` : '',
              share('loss', impairment.lossRatio),
              share('duplicate', impairment.duplicateRatio),
              share('reorder', impairment.reorderRatio),
              share('corrupt', impairment.corruptRatio),
              impairment.rate === null
                ? ''
                : `rate ${formatRate(impairment.rate)}, queue ${impairment.queue} B`,
            ];
      return `  ${[member.node, member.interface, member.port ?? '', ...effects].filter(Boolean).join('  ')}`;
    }),
  ];
}

const share = (name: string, ratio: number): string =>
  ratio === 0 ? '' : `${name} ${Number((ratio * 100).toPrecision(6))}%`;

function howSeen({ on, position }: PlanCensor, nodes: readonly PlanNode[]): string {
  if (position === 'on-path') return 'sees copies';
  const node = nodes.find(({ name }) => name === on);
  return node?.bridge?.kind === 'ring' ? RING_BRIDGE : PATH_WORDS[node?.path ?? 'kernel'];
}

const renderService = ({ name, on, serve }: Service): string =>
  `${name}  ${serve.kind} on ${on}:${[...new Set(servicePorts(serve).map(({ port }) => port))].join(', ')}${serve.kind === 'web' ? contentOf(serve) : ''}`;

/** `  sites/news (news.example) sites/shop.har (shop.example cdn.example)`. */
const contentOf = ({ sites, recordings }: WebSpec): string =>
  [
    ...sites.map(({ host, folder }) => `  ${folder} (${host})`),
    ...recordings.map(({ file, hosts }) => `  ${file} (${hosts.join(' ')})`),
  ].join('');

function renderFlow({ name, from, schedule, barrier, probe }: Flow): string[] {
  const start = `${name}  ${renderSchedule(schedule)}${barrier === undefined ? '' : `, barrier ${barrier}`}`;
  if (probe.kind !== 'script' && probe.kind !== 'visit')
    return [`${start}  ${from} -> ${renderProbe(probe)}`];
  const [settings = '', ...lines] =
    probe.kind === 'script' ? renderScript(probe) : renderVisit(probe);
  const begin = probe.kind === 'script' ? start : `${start}  ${from}`;
  return [`${begin}  ${settings}`, ...lines.map((line) => `  ${line}`)];
}

function renderSchedule(schedule: Schedule): string {
  const start = schedule.after.length === 0 ? 'start' : `after ${schedule.after.join(', ')}`;
  const words = [
    schedule.at > 0 ? `${start} + ${formatMillis(schedule.at)}` : start,
    schedule.repeat === 1
      ? ''
      : schedule.repeat === 0
        ? 'again and again'
        : `${schedule.repeat} times`,
    schedule.pace === null ? '' : renderPace(schedule.pace),
    schedule.for === null ? '' : `for ${formatMillis(schedule.for)}`,
    schedule.concurrency === 1 ? '' : `${schedule.concurrency} at once`,
  ];
  return words.filter(Boolean).join(', ');
}

function renderPace(pace: Pace): string {
  switch (pace.kind) {
    case 'even':
      return `every ${formatMillis(pace.every)}`;
    case 'poisson':
      return `Poisson arrivals every ${formatMillis(pace.mean)} on average`;
    case 'gaps':
      return `after ${counted(pace.gaps.length, 'gap')} of a file`;
  }
}

type SoleProbe = Exclude<ProbeSpec, { kind: 'script' | 'visit' }>;

function renderProbe(probe: SoleProbe): string {
  if (probe.kind === 'run')
    return `${probe.argv.map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}${probe.background ? '  in the background' : ''}`;
  const { address, port } = probe.target;
  const host = address.includes(':') && port !== 0 ? `[${address}]` : address;
  const where = port === 0 ? host : `${host}:${port}`;
  const what = asked(probe);
  return `${where}  ${probe.kind}${what === '' ? '' : `  ${what}`}`;
}

function asked(probe: SoleProbe): string {
  switch (probe.kind) {
    case 'http':
      return `${probe.method} ${probe.hostHeader}${probe.path}`;
    case 'https':
      return `${probe.method} ${probe.hostHeader}${probe.path}, SNI ${probe.sni || 'none'}`;
    case 'quic':
      return [`SNI ${probe.sni || 'none'}`, ...renderMigrate(probe.migrate)].join(', ');
    case 'tls':
      return `SNI ${probe.sni || 'none'}`;
    case 'dns':
      return `${probe.qname} ${probe.qtype} over ${probe.transport}`;
    case 'tcp':
    case 'udp':
      return probe.size === 0 ? '' : `${probe.size} B`;
    case 'ping':
      return `${probe.count} × ${probe.size} B, TTL ${probe.ttl}`;
    case 'traceroute':
      return `${probe.payload.kind}, TTL 1 to ${probe.maxTtl}`;
    case 'run':
      return '';
  }
}

const renderMigrate = (migrate: QuicMigration | undefined): string[] =>
  migrate === undefined ? [] : [`another address after ${formatMillis(migrate.after)}`];
