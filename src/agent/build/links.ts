// Steps `bridge` and `veth`: links made in place, and plugged in once everything else is ready.
import { setImmediate } from 'node:timers/promises';
import { parseMac } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import { disableOffloads } from '../../kernel/device.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import {
  type VethEnd,
  createBridge,
  createVeth,
  setMaster,
  setUp,
} from '../../kernel/netlink/link.ts';
import type { LinkEnd, Step } from '../../model/plan.ts';
import { makeMachineLink } from './machine-stack.ts';
import type { LinkStep } from './phases.ts';
import type { Stacks } from './stacks.ts';
import { type StepMessage, exchangeSteps } from './exchange-steps.ts';
import { atStep } from './step-fault.ts';

/** Nodes worked on between two turns of the event loop: about 10 ms. */
export const NODES_A_TURN = 32;

/**
 * Makes bridges and veth pairs. Ports are not yet on their bridges: what interfaces say when they come up (multicast
 * reports, router solicitations) would reach every other member, and cost the square of their number. Gives back what
 * plugs them in.
 */
export async function buildLinks(
  steps: readonly LinkStep[],
  stacks: Stacks,
  labId: string,
): Promise<StepMessage[]> {
  const made: StepMessage[] = [];
  /** Links with an end in the machine's own stack, where others' interfaces are. */
  const foreign: { message: StepMessage; ends: readonly LinkEnd[] }[] = [];
  const plugs: StepMessage[] = [];
  const ends = new Map<
    string | null,
    { end: LinkEnd; step: Step; offload: boolean; isFar: boolean }[]
  >();
  for (const step of steps) {
    if (step.do.kind === 'bridge') {
      const index = stacks.assignIndex(null, step.do.interface);
      stacks.noteBridge(step.do.network, step.do.interface);
      made.push({ step, message: createBridge(step.do.interface, index) });
      continue;
    }
    const { left, right, mtu, offload } = step.do;
    // The kernel gives the far end the index that is asked for only when the near end has one (veth_newlink()).
    const [near, far] = stacks.isMachine(left.node) ? [right, left] : [left, right];
    const veth = createVeth(toVethEnd(near, mtu, stacks), toVethEnd(far, mtu, stacks));
    const message = { step, message: veth };
    if ([left, right].some(({ node }) => stacks.isMachine(node)))
      foreign.push({ message, ends: [left, right] });
    else made.push(message);
    for (const [end, isFar] of [
      [near, false],
      [far, true],
    ] as const) {
      const known = ends.get(end.node) ?? [];
      known.push({ end, step, offload, isFar });
      ends.set(end.node, known);
      if (end.master === undefined) continue;
      const master = stacks.index(end.node, end.master);
      invariant(end.node === null, "Bridges are in the lab's own segment");
      plugs.push({ step, message: setMaster(stacks.index(null, end.interface), master) });
    }
  }
  inNamespace(stacks.fd(null), () => exchangeSteps(made));
  for (const { message, ends } of foreign) makeMachineLink(message, ends, stacks, labId);
  let turn = 0;
  for (const [node, group] of ends) {
    inNamespace(stacks.fd(node), () => {
      for (const { end, step, offload } of group)
        if (!offload) atStep(step, () => disableOffloads(end.interface));
      exchangeSteps(
        group
          .filter(({ isFar }) => isFar)
          .map(({ end, step }) => ({ step, message: setUp(stacks.index(node, end.interface)) })),
      );
    });
    if (++turn % NODES_A_TURN === 0) await setImmediate();
  }
  return plugs;
}

function toVethEnd(end: LinkEnd, mtu: number, stacks: Stacks): VethEnd {
  const mac = parseMac(end.mac);
  invariant(mac.ok, `A plan holds whole MAC addresses, found "${end.mac}"`);
  return {
    name: end.interface,
    index: stacks.isMachine(end.node) ? 0 : stacks.assignIndex(end.node, end.interface),
    mac: mac.value,
    mtu,
    namespace: stacks.fd(end.node),
  };
}
