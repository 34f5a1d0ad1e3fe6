import type { ScriptEndpoint, ScriptSpec } from '../../model/script.ts';
import { servicePorts } from '../../model/service-ports.ts';
import { isRaw } from '../../model/script-transport.ts';
import type { Context } from '../context.ts';
import type { ResolvedFlow } from '../resolve/flows.ts';
import type { Resolved } from '../resolve/scenario.ts';
import { waitsFor } from './flow-ancestry.ts';
import type { Rule } from './rule.ts';
import { portKey } from './services.ts';

/** Parties of scripts are where they can be, and listen where nobody else does. */
export const scriptEnds: Rule = (context, resolved) => {
  for (const item of resolved.flows) {
    const { probe } = item.flow;
    if (probe.kind === 'script') checkStacks(context, resolved, item, probe);
  }
  checkListeners(context, resolved);
};

/** Raw packets of a machine's own stack meet what the machine itself does. */
function checkStacks(
  context: Context,
  { lab }: Resolved,
  { flow, path }: ResolvedFlow,
  { transport, parties }: ScriptSpec,
): void {
  if (!isRaw(transport) || context.scenario.allowMachineNetwork === true) return;
  const party = parties.find(({ node }) => lab.topology.nodes.get(node)?.stack === 'machine');
  if (party !== undefined)
    context.report(
      'S159',
      [...path, 'transport'],
      `"${flow.name}" would send packets of its own from the stack of a machine, at "${party.node}", and drop the kernel's RSTs there`,
      {
        help: 'Use a host with a stack of its own, or allow it: allowMachineNetwork: true',
      },
    );
}

interface Listener {
  readonly item: ResolvedFlow;
  readonly key: string;
  readonly where: string;
  /** Where those connect from that it is for, port 0 where the kernel chooses it. */
  readonly sources: readonly ScriptEndpoint[];
  readonly isRaw: boolean;
}

function checkListeners(context: Context, resolved: Resolved): void {
  const { flows, services, controls, proxyControls } = resolved;
  const taken = new Map<string, string>();
  for (const { service } of services)
    for (const listener of servicePorts(service.serve))
      taken.set(portKey(service.on, listener), service.name);
  const waits = waitsFor(flows, [...controls, ...proxyControls]);
  const seen = new Map<string, Listener[]>();
  for (const listener of flows.flatMap(listenersOf)) {
    const { item, key, where } = listener;
    const service = taken.get(key);
    if (service !== undefined)
      context.report(
        'S159',
        [...item.path, 'between'],
        `${where} is where the service "${service}" listens`,
        {
          key: true,
          help: 'Let the script listen on another port, or give its party no steps: then the service answers',
        },
      );
    const before = seen.get(key) ?? [];
    const other = before.find(
      (earlier) =>
        earlier.item.flow.name !== item.flow.name &&
        !waits(earlier.item.flow.name, item.flow.name) &&
        !waits(item.flow.name, earlier.item.flow.name) &&
        !areToldApart(earlier, listener),
    )?.item;
    if (other !== undefined)
      context.report(
        'S159',
        [...item.path, 'between'],
        `"${item.flow.name}" and "${other.flow.name}" both listen on ${where}, perhaps at one time`,
        {
          key: true,
          related: [{ message: 'The other flow', span: context.spanOf(other.path) }],
          help: `Give one of them another port, or both their own fixed port of the side that connects, or let it begin when the other has ended: after: ${other.flow.name}`,
        },
      );
    seen.set(key, [...before, listener]);
  }
}

/** Peers from ports of their own find the play that is theirs; a socket of the kernel's would answer those of our own stack. */
const areToldApart = (one: Listener, other: Listener): boolean =>
  one.isRaw === other.isRaw &&
  one.sources.every(
    ({ address, port }) =>
      port !== 0 &&
      other.sources.every(
        (source) => source.port !== 0 && (source.port !== port || source.address !== address),
      ),
  );

/** Ports on which parties listen that do something; `raw-ip` and `unix` have none. */
function listenersOf(item: ResolvedFlow): readonly Listener[] {
  const { probe } = item.flow;
  if (probe.kind !== 'script') return [];
  const protocol = protocolOf(probe);
  if (protocol === undefined) return [];
  const ports = new Map<string, Listener>();
  const isRaw = probe.transport.startsWith('raw-');
  for (const { to, source, destination } of probe.channels) {
    const party = probe.parties.find(({ name }) => name === to);
    if (party === undefined || party.program.length === 0) continue;
    const key = portKey(party.node, { transport: protocol, port: destination.port });
    const where = `${protocol} port ${destination.port} of "${party.node}"`;
    const sources = [...(ports.get(key)?.sources ?? []), source];
    ports.set(key, { item, key, where, sources, isRaw });
  }
  return [...ports.values()];
}

function protocolOf({ transport }: ScriptSpec): 'tcp' | 'udp' | undefined {
  switch (transport) {
    case 'tcp':
    case 'tls':
    case 'raw-tcp':
      return 'tcp';
    case 'udp':
    case 'raw-udp':
      return 'udp';
    case 'unix':
    case 'raw-ip':
      return undefined;
  }
}
