// What the threads of a mirror are told, of a plan.
import { resolve } from 'node:path';
import { formatIp } from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { ANSWERS_PORT, type PlanMirror } from '../../model/mirror.ts';
import type { Plan, PlanNode } from '../../model/plan.ts';
import type { AgentContext } from '../context.ts';
import type { Hop, RawInterface } from '../raw/egress.ts';
import { createKernelEgress } from '../raw/kernel-egress.ts';
import { createPlanEgress, toRawInterface } from '../raw/plan-egress.ts';
import { hookPasswords } from './hook-passwords.ts';
import type { AssistantOrder, OnlineOrder, StreamOrder } from './order.ts';
import { plannedIp, plannedPrefix } from '../../model/planned-address.ts';

/** Where the mirror hears its assistant, at the online server. */
const answersPortOf = ({ mirrors = [] }: Plan, mirror: PlanMirror): number =>
  ANSWERS_PORT + mirrors.findIndex(({ name }) => name === mirror.name);

export async function onlineOrder(
  { plan, secrets, folder = '' }: Pick<AgentContext, 'plan' | 'secrets' | 'folder'>,
  mirror: PlanMirror,
  namespaceFd: number,
): Promise<OnlineOrder> {
  const node = nodeOf(plan, mirror.online.node);
  const egress = createPlanEgress(node, plan.networks, createKernelEgress(namespaceFd));
  const source = mirror.online.addresses.map(plannedIp);
  const hops = await Promise.all(
    mirror.target.addresses.map(async (text) => {
      const target = plannedIp(text);
      const own = source.find(({ family }) => family === target.family);
      if (!own) return [];
      const hop = await egress.find(own, target);
      checkWay(mirror, hop);
      return [{ family: target.family, hop }];
    }),
  );
  const ways = new Set(hops.flat().map(({ hop }) => hop.interface.name));
  const mtus = node.interfaces.filter(({ name }) => ways.has(name)).map(({ mtu }) => mtu);
  const limits = { ...mirror.limits, mtu: Math.min(mirror.limits.mtu, ...mtus) };
  return {
    kind: 'online',
    ...{ plan: { ...mirror, limits }, seed: plan.seed, hops: hops.flat() },
    interfaces: interfacesOf(
      node,
      hops.flat().map(({ hop }) => hop.interface),
    ),
    answersPort: answersPortOf(plan, mirror),
    capture: mirror.source.kind === 'capture' ? resolve(folder, mirror.source.file) : null,
    passwords: hookPasswords(mirror, secrets),
  };
}

export const streamOrder = (plan: Plan, mirror: PlanMirror): StreamOrder => ({
  kind: 'stream',
  ...{ plan: mirror, seed: plan.seed, port: answersPortOf(plan, mirror) },
});

export const assistantOrder = (plan: Plan, mirror: PlanMirror): AssistantOrder => ({
  kind: 'assistant',
  plan: mirror,
  interfaces: interfacesOf(nodeOf(plan, mirror.assistant), []),
  mirrorAt: mirrorAddresses(plan, mirror),
  answersPort: answersPortOf(plan, mirror),
});

/** The online server's on networks of the assistant, then those at which clients find it. */
function mirrorAddresses({ networks }: Plan, { online, assistant }: PlanMirror): readonly string[] {
  const shared = networks.flatMap(({ members, far = [] }) =>
    members.some(({ node }) => node === assistant) ? [...members, ...far] : [],
  );
  const near = shared
    .filter(({ node }) => node === online.node)
    .flatMap(({ addresses }) => addresses.map((text) => formatIp(plannedPrefix(text).address)));
  // It listens in the families that it is a server in.
  const families = new Set(online.addresses.map((text) => plannedIp(text).family));
  const heard = near.filter((text) => families.has(plannedIp(text).family));
  return [...new Set([...heard, ...online.addresses])];
}

function nodeOf({ nodes }: Plan, name: string): PlanNode {
  const node = nodes.find((other) => other.name === name);
  invariant(node, `Node "${name}" is here`);
  return node;
}

function checkWay({ name, online, target }: PlanMirror, hop: Hop): void {
  if (hop.interface.name !== 'lo') return;
  throw new Fault(
    'run',
    `Mirror "${name}": the target is on "${online.node}", where the copies are made`,
    {
      help: `Put "${target.node}" on a node of its own, or use mode: stream`,
    },
  );
}

/** The node's own, and others by which packets leave. */
function interfacesOf(node: PlanNode, more: readonly RawInterface[]): readonly RawInterface[] {
  const all = [...node.interfaces.map(toRawInterface), ...more];
  return [...new Map(all.toReversed().map((device) => [device.name, device])).values()];
}
