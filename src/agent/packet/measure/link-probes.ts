// This machine's end of links that lead to other machines: it sends probes, or receives those that another machine sends.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../../base/fault.ts';
import { type ClockRecord, correctTime } from '../../../model/machine.ts';
import type { PlanMember, PlanNetwork } from '../../../model/plan.ts';
import type { LinkMeasurement, ProbedLink } from '../../../model/rpc.ts';
import type { AgentContext } from '../../context.ts';
import { assessLink } from './assess-link.ts';
import { planProbes } from './probe-plan.ts';
import { ProbeReceiver } from './probe-receiver.ts';
import { ProbeRings } from './probe-rings.ts';
import { ProbeSender } from './probe-sender.ts';

export interface LinkProbes {
  /** Settles when nothing that arrives from now on is missed. */
  listen(link: ProbedLink): Promise<Record<string, never>>;
  send(link: ProbedLink): Promise<{ unsent: number }>;
  collect(
    link: ProbedLink,
    unsent: number,
    clocks: { readonly sender: ClockRecord; readonly receiver: ClockRecord },
  ): Promise<{ link: LinkMeasurement }>;
}

/** What listens at one member. */
interface Post {
  readonly receiver: ProbeReceiver;
  readonly stop: () => void;
}

/** A ring holds a burst, and the frames before it come spread over a tenth of a second. */
const READ_EVERY_MS = 5;
/** Nobody comes to collect after that. */
const LISTEN_LIMIT_MS = 120_000;

export function createLinkProbes(context: AgentContext): LinkProbes {
  const posts = new Map<string, Post>();
  const end = (link: ProbedLink): void => {
    posts.get(keyOf(link))?.stop();
    posts.delete(keyOf(link));
  };
  return {
    listen(link) {
      end(link);
      posts.set(keyOf(link), openPost(context, link));
      return Promise.resolve({});
    },
    async send(link) {
      const { network, member } = findMember(context, link.network, link.from.node);
      const rings = openRings(context, network, member);
      try {
        const sender = new ProbeSender(rings, member, link.to.mac, link.attempt);
        await sender.sendAll(planProbes(link.impairment, network.mtu, link.patience));
        return { unsent: sender.lost };
      } finally {
        rings.close();
      }
    },
    async collect(link, unsent, clocks) {
      const post = posts.get(keyOf(link));
      if (!post) throw new Fault('run', `Nothing listens for probes of "${keyOf(link)}"`);
      try {
        const { network } = findMember(context, link.network, link.to.node);
        const plan = planProbes(link.impairment, network.mtu, link.patience);
        await post.receiver.wait(link.impairment, plan);
        return { link: assess(link, post.receiver.record(plan, unsent, delayBy(clocks)), clocks) };
      } finally {
        end(link);
      }
    },
  };
}

function openPost(context: AgentContext, link: ProbedLink): Post {
  const { network, member } = findMember(context, link.network, link.to.node);
  const rings = openRings(context, network, member);
  const receiver = new ProbeReceiver(rings, member, link.from.mac, link.attempt);
  // An object, since it changes behind the compiler's back.
  const state = { isOpen: true };
  const stop = (): void => {
    if (state.isOpen) rings.close();
    state.isOpen = false;
  };
  const readOn = async (): Promise<void> => {
    const limit = performance.now() + LISTEN_LIMIT_MS;
    while (state.isOpen && performance.now() < limit) {
      receiver.read();
      await sleep(READ_EVERY_MS);
    }
    stop();
  };
  void readOn();
  return { receiver, stop };
}

function assess(
  { network, from, to, impairment }: ProbedLink,
  record: Parameters<typeof assessLink>[1],
  { sender, receiver }: { readonly sender: ClockRecord; readonly receiver: ClockRecord },
): LinkMeasurement {
  const error = (sender.error + receiver.error) / 1000;
  const figures = assessLink(impairment, record, error);
  return { network, from: from.node, to: to.node, ...figures, error };
}

const delayBy =
  ({ sender, receiver }: { readonly sender: ClockRecord; readonly receiver: ClockRecord }) =>
  (sent: number, arrived: number): number =>
    (correctTime(receiver, arrived) - correctTime(sender, sent)) / 1000;

const openRings = (context: AgentContext, network: PlanNetwork, member: PlanMember): ProbeRings =>
  new ProbeRings([member], network.mtu, (node) => context.namespaceFd(node));

function findMember(
  { plan }: AgentContext,
  name: string,
  node: string,
): { readonly network: PlanNetwork; readonly member: PlanMember } {
  const network = plan.networks.find((candidate) => candidate.name === name);
  const member = network?.members.find((candidate) => candidate.node === node);
  if (!network || !member)
    throw new Fault('run', `Node "${node}" is no member of network "${name}" on this machine`);
  return { network, member };
}

const keyOf = ({ network, from, to }: ProbedLink): string =>
  `${network}: ${from.node} to ${to.node}`;
