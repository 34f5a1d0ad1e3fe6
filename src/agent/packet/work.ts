// What of a plan the packet thread carries. Pure.
import { invariant } from '../../base/invariant.ts';
import type { Plan, PlanCensor, PlanInterface, PlanNetwork, PlanNode } from '../../model/plan.ts';

/**
 * How a node's censors get its packets. `ring`: we hold and forward them. `copy`: the kernel forwards, we see what came in.
 * `queue`: the kernel forwards and asks us in between.
 */
export type PathMode = 'ring' | 'copy' | 'queue';

export interface NodeWork {
  readonly node: PlanNode;
  readonly mode: PathMode;
  /** In the order of the file. */
  readonly censors: readonly PlanCensor[];
}

export interface PacketWork {
  readonly networks: readonly PlanNetwork[];
  readonly nodes: readonly NodeWork[];
}

const MODES = { ring: 'ring', nfqueue: 'queue', kernel: 'copy' } as const;

/** `segments` are the networks that our own switch carries. */
export function listWork(plan: Plan, segments: readonly string[]): PacketWork {
  const networks = segments.map((name) => {
    const network = plan.networks.find((candidate) => candidate.name === name);
    invariant(network, `Segment "${name}" is a network of the plan`);
    return network;
  });
  const nodes = plan.nodes.flatMap((node): NodeWork[] => {
    const censors = plan.censors.filter(({ on }) => on === node.name);
    const mode = MODES[node.path];
    // A node on the kernel's path has no work for us without censors; one on a ring is not forwarded for without us.
    return mode === 'copy' && censors.length === 0 ? [] : [{ node, mode, censors }];
  });
  return { networks, nodes };
}

/** Every interface that gets a ring, for sizing them. */
export function listRingInterfaces(
  plan: Plan,
  { networks, nodes }: PacketWork,
): Pick<PlanInterface, 'mtu' | 'offload'>[] {
  const ported = networks.flatMap(({ mtu, members, trunks = [] }) => {
    const ports = members.map((member) => ({ mtu, offload: offloadOf(plan, member) }));
    const offload = ports.some((port) => port.offload);
    return [...ports, ...trunks.map(() => ({ mtu, offload }))];
  });
  const own = nodes.flatMap(({ node, mode }) => (mode === 'queue' ? [] : node.interfaces));
  return [...ported, ...own];
}

/** A port has the offloads of the member's interface at its other end. */
const offloadOf = (
  plan: Plan,
  member: { readonly node: string; readonly interface: string },
): boolean =>
  plan.nodes
    .find(({ name }) => name === member.node)
    ?.interfaces.some(({ name, offload }) => name === member.interface && offload) ?? false;
