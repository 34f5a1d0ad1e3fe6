// Step `trunk`: a VXLAN device (RFC 7348) in the lab's segment joins this machine's part of a network to those of others.
import { parseMac } from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { coalesceReceived, disableOffloads } from '../../kernel/device.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { createBridge, createVeth, setMaster, setUp } from '../../kernel/netlink/link.ts';
import { addFloodPeer } from '../../kernel/netlink/neighbour.ts';
import { NetlinkError } from '../../kernel/netlink/socket.ts';
import { createVxlan } from '../../kernel/netlink/vxlan.ts';
import { MACHINE_NET_FD } from '../../model/lab-mark.ts';
import type { Plan, PlanNetwork } from '../../model/plan.ts';
import type { UnderlayOrder } from '../../model/rpc.ts';
import { trunkPort } from '../trunk-port.ts';
import { type UnderlayPlace, prepareUnderlay } from '../underlay/underlay.ts';
import { type StepMessage, exchangeSteps } from './exchange-steps.ts';
import { requireMachineStack } from './machine-stack.ts';
import type { TrunkStep } from './phases.ts';
import type { Stacks } from './stacks.ts';
import { StepFault, atStep } from './step-fault.ts';
import { checkOwnAddress, checkWidth, readUnderlay } from './trunk-checks.ts';

/** VXLAN network identifiers have 24 bits. */
const VNIS = 2 ** 24;

/** What raises the trunks of a lab. */
export interface TrunkOrder {
  readonly labId: string;
  readonly underlay: UnderlayOrder | undefined;
}

/** Makes the VXLAN devices. They join nothing yet. */
export async function buildTrunks(
  steps: readonly TrunkStep[],
  { labId, underlay: order }: TrunkOrder,
  stacks: Stacks,
): Promise<void> {
  const [first] = steps;
  invariant(first && order, 'A lab with trunks is told of its underlay');
  atStep(first, () =>
    requireMachineStack(
      `Network "${first.do.network}" goes from machine to machine by the stack of machine "${first.do.trunk.machine}"`,
      ALTERNATIVES,
    ),
  );
  const place = await prepareUnderlay(order, {
    machine: MACHINE_NET_FD,
    segment: stacks.fd(null),
    labId,
    assignIndex: (name) => stacks.assignIndex(null, name),
  });
  for (const step of steps) raiseTrunk(step, place, order.vniBase, stacks);
}

const ALTERNATIVES =
  'Run runner as root there, give the machine "become: sudo", or put all members of the network on one machine';

function raiseTrunk(step: TrunkStep, place: UnderlayPlace, vniBase: number, stacks: Stacks): void {
  const { network, trunk, mtu } = step.do;
  const { machine, interface: name } = trunk;
  const { own, peers } = atStep(step, () =>
    readUnderlay(machine, place.own, place.peers, trunk.peers),
  );
  const index = stacks.assignIndex(null, name);
  const vni = (vniBase + trunk.vni) % VNIS;
  const namespace = stacks.fd(null);
  inNamespace(place.namespaceFd, () => {
    atStep(step, () => {
      checkOwnAddress(machine, own);
      for (const [peer, address] of peers) checkWidth({ network, mtu, machine }, peer, address);
    });
    try {
      exchangeSteps([
        { step, message: createVxlan({ name, index, namespace, vni, local: own, mtu }) },
      ]);
    } catch (error) {
      throw explain(error, step, vni);
    }
  });
  inNamespace(namespace, () =>
    exchangeSteps(
      [...peers.values()].map((peer) => ({ step, message: addFloodPeer(index, peer) })),
    ),
  );
}

function explain(error: unknown, step: TrunkStep, vni: number): unknown {
  const cause = error instanceof StepFault ? error.cause : error;
  if (!(cause instanceof NetlinkError)) return error;
  const { machine } = step.do.trunk;
  const faults: Readonly<Record<string, Fault>> = {
    EEXIST: new Fault(
      'machine',
      `Machine "${machine}" has a VXLAN device of network identifier ${vni} already`,
      { help: 'Run it again: each lab takes identifiers at random', cause },
    ),
    EADDRINUSE: new Fault(
      'machine',
      `Machine "${machine}" has a program on UDP port 4789, which is VXLAN's`,
      { help: `End it: "ss -lunp 'sport = 4789'" says which it is`, cause },
    ),
    EPERM: new Fault(
      'machine',
      `Network "${step.do.network}" needs a VXLAN device with its socket in the network stack of machine "${machine}", which this user may not change`,
      { help: ALTERNATIVES, cause },
    ),
  };
  const fault = faults[cause.code];
  return fault ? new StepFault(step, fault) : error;
}

/** Joins each trunk to its network; `switched` are those of our own switch, which meets it at `trunkPort`. */
export function joinTrunks(
  steps: readonly TrunkStep[],
  plan: Plan,
  stacks: Stacks,
  switched: readonly string[],
): StepMessage[] {
  return steps.flatMap((step): StepMessage[] => {
    const network = plan.networks.find(({ name }) => name === step.do.network);
    invariant(network, `Step "${step.id}" is of a network of the plan`);
    const bridge = stacks.bridge(network.name);
    if (switched.includes(network.name)) return joinSwitch(step, plan, network, stacks);
    invariant(bridge !== undefined, `Network "${network.name}" has a bridge or is a switch`);
    inNamespace(stacks.fd(null), () => coalesce(step, network));
    return [{ step, message: setMaster(trunkIndex(step, stacks), stacks.index(null, bridge)) }];
  });
}

/**
 * What members send crosses VXLAN in fewer, larger pieces, which are cut into the same segments again before anybody sees them.
 * Where a port impairs, every frame is on its own.
 */
function coalesce(step: TrunkStep, network: PlanNetwork): void {
  for (const { port, impairment } of network.members)
    if (port !== undefined && !impairment) atStep(step, () => coalesceReceived(port));
}

/**
 * The machine's devices may join segments on their way (GRO), and our switch handles frames of the network's own MTU: a link
 * without offloads in between cuts them again.
 */
function joinSwitch(
  step: TrunkStep,
  plan: Plan,
  network: PlanNetwork,
  stacks: Stacks,
): StepMessage[] {
  const port = trunkPort(step.do.trunk);
  const inner = stacks.inventName();
  const innerIndex = stacks.assignIndex(null, inner);
  const bridge = stacks.inventName();
  const bridgeIndex = stacks.assignIndex(null, bridge);
  const portIndex = stacks.assignIndex(null, port);
  const common = { mtu: step.do.mtu, namespace: stacks.fd(null) };
  inNamespace(stacks.fd(null), () => {
    exchangeSteps([
      { step, message: createBridge(bridge, bridgeIndex) },
      {
        step,
        message: createVeth(
          { ...common, name: inner, index: innerIndex, mac: mac(innerIndex), master: bridgeIndex },
          { ...common, name: port, index: portIndex, mac: mac(portIndex) },
        ),
      },
    ]);
    if (!hasOffload(plan, network))
      for (const name of [inner, port]) atStep(step, () => disableOffloads(name));
    exchangeSteps([{ step, message: setUp(portIndex) }]);
  });
  return [{ step, message: setMaster(trunkIndex(step, stacks), bridgeIndex) }];
}

const trunkIndex = (step: TrunkStep, stacks: Stacks): number =>
  stacks.index(null, step.do.trunk.interface);

const hasOffload = (plan: Plan, network: PlanNetwork): boolean =>
  plan.nodes.some(({ interfaces }) =>
    interfaces.some((device) => device.network === network.name && device.offload),
  );

/** Nobody sends to or from these: it only must not be one of the plan's, which never begin so. */
function mac(index: number): Uint8Array {
  const digits = index
    .toString(16)
    .padStart(8, '0')
    .replace(/../g, (pair) => `:${pair}`);
  const parsed = parseMac(`0a:00${digits}`);
  invariant(parsed.ok, 'An index makes a MAC address');
  return parsed.value;
}
