// What a plan touches in the stacks of machines: the real ones, where more than the lab is at work.
import type { Plan, PlanNode } from './plan.ts';
import { servicePorts } from './service-ports.ts';
import type { ProbeSpec, ServeSpec } from './traffic.ts';

/**
 * One line, in capitals but for names, for each thing that the plan's hosts and containers with `network: machine` do to
 * or take from the stack of their machine. None when there are no such nodes.
 */
export function machineNetworkUse(plan: Plan): readonly string[] {
  return plan.nodes
    .filter(({ stack }) => stack === 'machine')
    .flatMap((node) => [
      ...whatItIs(plan, node),
      ...whatItAdds(plan, node),
      ...whatItDoes(plan, node),
    ]);
}

const placeOf = (node: PlanNode): string => `THE STACK OF THE MACHINE ${node.machine}`;

function whatItIs(plan: Plan, node: PlanNode): string[] {
  if (node.kind === 'container')
    return [
      `THE CONTAINER ${node.name} RUNS IN ${placeOf(node)}: ITS PROGRAM MAY LISTEN, CONNECT AND CHANGE WHAT ITS RIGHTS ALLOW`,
    ];
  const steps = whatItAdds(plan, node).length + whatItDoes(plan, node).length;
  return steps === 0 ? [`THE HOST ${node.name} IS ${placeOf(node)}`] : [];
}

function whatItAdds({ steps }: Plan, node: PlanNode): string[] {
  const where = placeOf(node);
  return steps.flatMap(({ do: action }): string[] => {
    if (action.kind === 'veth')
      return [action.left, action.right]
        .filter((end) => end.node === node.name)
        .map((end) => `ADDS THE INTERFACE ${end.interface} TO ${where}`);
    if (action.kind === 'address' && action.node === node.name)
      return [`ADDS THE ADDRESS ${action.address} ON ${action.interface} TO ${where}`];
    if (action.kind === 'route' && action.node === node.name)
      return [`ADDS THE ROUTE TO ${action.route.to} OUT OF ${action.route.interface} TO ${where}`];
    return [];
  });
}

function whatItDoes(plan: Plan, node: PlanNode): string[] {
  const where = placeOf(node);
  const own = new Set(node.interfaces.map((side) => side.name));
  return [
    ...plan.services
      .filter(({ on }) => on === node.name)
      .map(
        ({ name, serve, addresses }) =>
          `LISTENS ON ${addresses.length === 0 ? 'ALL ADDRESSES' : addresses.join(' ')} PORT ${portsOf(serve)} IN ${where}: ${name}`,
      ),
    ...plan.flows
      .filter(({ from, probe }) => from === node.name && probe.kind === 'run')
      .map(({ name }) => `RUNS A PROGRAM IN ${where}: ${name}`),
    ...plan.flows
      .filter(({ probe }) => isParty(probe, node.name))
      .map(({ name }) => `PLAYS A SCRIPT IN ${where}: ${name}`),
    ...plan.flows
      .filter(({ from, probe }) => from === node.name && isSocketProbe(probe))
      .map(({ name }) => `STARTS CONNECTIONS FROM ${where}: ${name}`),
    ...plan.flows
      .filter(({ from, probe }) => from === node.name && probe.kind === 'visit')
      .map(({ name }) => `VISITS PAGES FROM ${where}: ${name}`),
    ...plan.captures
      .filter(({ node: at, interface: device }) => at === node.name && !own.has(device))
      .map(
        ({ interface: device, filter }) =>
          `CAPTURES ${filter === '' ? 'EVERY PACKET' : `PACKETS (${filter})`} ON ${device} OF ${where}`,
      ),
  ];
}

const isSocketProbe = ({ kind }: ProbeSpec): boolean =>
  kind !== 'run' && kind !== 'script' && kind !== 'visit';

const isParty = (probe: ProbeSpec, node: string): boolean =>
  probe.kind === 'script' && probe.parties.some((party) => party.node === node);
const portsOf = (serve: ServeSpec): string =>
  [...new Set(servicePorts(serve).map(({ port }) => port))].join(' ');
