import type { ScriptSpec } from '../../model/script.ts';
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
}

function checkListeners(context: Context, { flows, services }: Resolved): void {
  const taken = new Map<string, string>();
  for (const { service } of services)
    for (const listener of servicePorts(service.serve))
      taken.set(portKey(service.on, listener), service.name);
  const waits = waitsFor(flows);
  const seen = new Map<string, ResolvedFlow[]>();
  for (const { item, key, where } of flows.flatMap(listenersOf)) {
    const service = taken.get(key);
    if (service !== undefined)
      context.report(
        'S159',
        [...item.path, 'between'],
        `${where} is where the service "${service}" listens`,
        {
          key: true,
          help: 'Let the script listen on another port; a raw party without steps leaves its side to the service',
        },
      );
    const before = seen.get(key) ?? [];
    const other = before.find(
      ({ flow }) =>
        flow.name !== item.flow.name &&
        !waits(flow.name, item.flow.name) &&
        !waits(item.flow.name, flow.name),
    );
    if (other !== undefined)
      context.report(
        'S159',
        [...item.path, 'between'],
        `"${item.flow.name}" and "${other.flow.name}" both listen on ${where}, perhaps at one time`,
        {
          key: true,
          related: [{ message: 'The other flow', span: context.spanOf(other.path) }],
          help: `Give one of them another port, or let it begin when the other has ended: after: ${other.flow.name}`,
        },
      );
    seen.set(key, [...before, item]);
  }
}

/** Ports on which parties listen that do something; `raw-ip` and `unix` have none. */
function listenersOf(item: ResolvedFlow): readonly Listener[] {
  const { probe } = item.flow;
  if (probe.kind !== 'script') return [];
  const protocol = protocolOf(probe);
  if (protocol === undefined) return [];
  const ports = new Map<string, Listener>();
  for (const { to, destination } of probe.channels) {
    const party = probe.parties.find(({ name }) => name === to);
    if (party === undefined || party.program.length === 0) continue;
    const key = portKey(party.node, { transport: protocol, port: destination.port });
    ports.set(key, { item, key, where: `${protocol} port ${destination.port} of "${party.node}"` });
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
