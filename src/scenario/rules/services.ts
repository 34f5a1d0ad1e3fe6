import { servicePorts } from '../../model/service-ports.ts';
import type { ServicePort } from '../../model/service-ports.ts';
import type { ProbeSpec } from '../../model/traffic.ts';
import type { Context } from '../context.ts';
import type { ResolvedFlow } from '../resolve/flows.ts';
import type { ResolvedProxy } from '../resolve/relay/proxies.ts';
import type { ResolvedService } from '../resolve/services.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** No two services share a port, and probes go where one listens. */
export const services: Rule = (context, { services: all, flows, lab, proxies }) => {
  const taken = new Map<string, Listener>();
  for (const item of [...all.flatMap(listenersOf), ...proxies.flatMap(relayListener)]) {
    const key = portKey(item.on, item.port);
    const first = taken.get(key);
    if (first === undefined) taken.set(key, item);
    else reportClash(context, first, item);
  }
  const owners = new Map<string, string>();
  for (const node of lab.topology.nodes.values())
    for (const { addresses } of node.members)
      for (const { text } of addresses) owners.set(text, node.name);
  if (!context.partial) for (const item of flows) checkListener(context, item, taken, owners);
};

/** A service or a relay, at one of its ports. */
interface Listener {
  readonly kind: 'service' | 'relay';
  readonly name: string;
  readonly on: string;
  readonly port: ServicePort;
  readonly path: Path;
}

const listenersOf = ({ service: { name, on, serve }, path }: ResolvedService): Listener[] =>
  servicePorts(serve).map((port) => ({ kind: 'service', name, on, port, path }));

function relayListener({ proxy: { name, on, relay }, path }: ResolvedProxy): Listener[] {
  const { listen } = relay;
  if (listen.kind === 'unix' || listen.port === 0) return [];
  const port = { transport: listen.kind, port: listen.port };
  return [{ kind: 'relay', name, on, port, path: [...path, 'relay', 'listen'] }];
}

function reportClash(
  context: Context,
  first: Listener,
  { kind, name, on, port, path }: Listener,
): void {
  const both =
    first.kind === kind
      ? `The ${kind}s "${first.name}" and "${name}"`
      : `The ${first.kind} "${first.name}" and the ${kind} "${name}"`;
  context.report('S093', path, `${both} both use port ${port.port} of "${on}"`, {
    related: [{ message: `The other ${first.kind}`, span: context.spanOf(first.path) }],
    help: 'Give one of them another "port"',
  });
}

/** `server tcp 443`. */
export const portKey = (node: string, { transport, port }: ServicePort): string =>
  `${node} ${transport} ${port}`;

/** Null where no service of ours would answer. */
function transportOf(probe: ProbeSpec): ServicePort['transport'] | null {
  switch (probe.kind) {
    case 'udp':
    case 'quic':
      return 'udp';
    case 'dns':
      return probe.transport === 'udp' ? 'udp' : 'tcp';
    case 'traceroute':
    case 'ping':
    case 'run':
    case 'script':
    case 'visit':
      return null;
    case 'tcp':
    case 'http':
    case 'https':
    case 'tls':
      return 'tcp';
  }
}

/** A probe may well be meant to find a port closed, and a program may listen: this is a warning. */
function checkListener(
  context: Context,
  { flow, path }: ResolvedFlow,
  taken: ReadonlyMap<string, Listener>,
  owners: ReadonlyMap<string, string>,
): void {
  const { probe } = flow;
  if (probe.kind === 'run' || probe.kind === 'script' || probe.kind === 'visit') return;
  const { address, port } = probe.target;
  const owner = owners.get(address);
  if (owner === undefined || runsProgram(context, owner)) return;
  const transport = transportOf(probe);
  if (transport === null || taken.has(portKey(owner, { transport, port }))) return;
  const expectsFailure = context.scenario.expect?.some(
    (item) => item.flow === flow.name && typeof item.failure === 'string',
  );
  if (expectsFailure === true) return;
  const at: Path = [...path, 'to'];
  context.report('S095', at, `Nothing listens on ${transport} port ${port} of "${owner}"`, {
    severity: 'warning',
    help: `Add a service: { name: …, on: ${owner}, serve: … }`,
  });
}

const runsProgram = (context: Context, node: string): boolean =>
  context.kindOf(node) === 'container' ||
  (context.scenario.traffic?.some(
    (entry) => entry.run !== undefined && (entry.on ?? entry.from) === node,
  ) ??
    false);
