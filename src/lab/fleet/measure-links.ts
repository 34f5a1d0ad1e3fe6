import type { LinkMeasurement } from '../../model/rpc.ts';
import { type Fleet, askEach, built } from './fleet.ts';
import { type ProbingAgent, measureAcross } from './measure-across.ts';
import { type Part, callPart } from './part.ts';

/** The links within each machine by its own agent, those from machine to machine by two; in the plan's order. */
export async function measureLinks(
  fleet: Fleet,
  params: Record<string, never>,
  timeoutMs: number,
): Promise<{ links: LinkMeasurement[] }> {
  const answers = await askEach(fleet, 'measure', timeoutMs, () => params);
  const within = answers.flatMap(({ links }) => links);
  if (fleet.parts.length === 1) return { links: within };
  const { plan } = built(fleet);
  const agents = new Map(fleet.parts.map((part) => [part.machine.name, asAgent(part)]));
  const clocks = new Map(fleet.parts.map((part) => [part.machine.name, part.clock()]));
  const links = [...within, ...(await measureAcross(plan, agents, clocks))];
  const place = ({ network, from }: LinkMeasurement): number => {
    const index = plan.networks.findIndex(({ name }) => name === network);
    const members = plan.networks[index]?.members ?? [];
    return index * 10_000 + members.findIndex(({ node }) => node === from);
  };
  return { links: links.toSorted((left, right) => place(left) - place(right)) };
}

const asAgent = (part: Part): ProbingAgent => ({
  call: (method, params, limit) => callPart(part, method, params, limit),
});
