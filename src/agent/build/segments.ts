// Step `segment`: the ports of an impaired network become one segment, by the kernel's bridge and queueing disciplines, or
// by our own switch, which the packet path runs.
import { invariant } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { createBridge, createIfb, setMaster } from '../../kernel/netlink/link.ts';
import type { PlanNetwork } from '../../model/plan.ts';
import { type StepMessage, exchangeSteps } from './exchange-steps.ts';
import type { SegmentStep } from './phases.ts';
import {
  type ShapedPort,
  type ShapingAbility,
  type ShapingMethod,
  chooseMethod,
  shapingLines,
} from './shaping.ts';
import type { Stacks } from './stacks.ts';
import { StepFault } from './step-fault.ts';
import { runTool } from './tool.ts';

export interface Segments {
  /** Network → how it is made. */
  readonly methods: Readonly<Record<string, ShapingMethod>>;
  /** Networks left to our own switch. */
  readonly switched: readonly string[];
  /** What plugs ports into their bridges. */
  readonly plugs: readonly StepMessage[];
}

export async function buildSegments(
  steps: readonly SegmentStep[],
  networks: readonly PlanNetwork[],
  stacks: Stacks,
  ability: ShapingAbility,
): Promise<Segments> {
  const methods: Record<string, ShapingMethod> = {};
  const switched: string[] = [];
  const plugs: StepMessage[] = [];
  for (const step of steps) {
    const network = networks.find(({ name }) => name === step.do.network);
    invariant(network, `Step "${step.id}" is of a network of the plan`);
    const impairments = network.members.flatMap((member) => member.impairment ?? []);
    const method = impairments.length === 0 ? 'tbf' : chooseMethod(impairments, ability);
    if (impairments.length > 0) methods[network.name] = method;
    if (method === 'switch') switched.push(network.name);
    else plugs.push(...(await bridgePorts(step, network, stacks)));
  }
  return { methods, switched, plugs };
}

/** Joins the ports by a bridge of their own and puts the impairments on what comes in by them. */
async function bridgePorts(
  step: SegmentStep,
  network: PlanNetwork,
  stacks: Stacks,
): Promise<StepMessage[]> {
  const bridge = stacks.inventName();
  const bridgeIndex = stacks.assignIndex(null, bridge);
  stacks.noteBridge(network.name, bridge);
  const made: StepMessage[] = [{ step, message: createBridge(bridge, bridgeIndex) }];
  const plugs: StepMessage[] = [];
  const shaped: ShapedPort[] = [];
  for (const { port, impairment } of network.members) {
    invariant(port !== undefined, `Members of network "${network.name}" have a port`);
    plugs.push({ step, message: setMaster(stacks.index(null, port), bridgeIndex) });
    if (!impairment) continue;
    const ifb = stacks.inventName();
    made.push({ step, message: createIfb(ifb, stacks.assignIndex(null, ifb)) });
    shaped.push({ port, ifb, mtu: network.mtu, impairment });
  }
  inNamespace(stacks.fd(null), () => exchangeSteps(made));
  if (shaped.length > 0) {
    const lines = shaped.flatMap(shapingLines);
    const { ok, detail } = await runTool(
      ['tc', '-batch', '-'],
      stacks.fd(null),
      `${lines.join('\n')}\n`,
    );
    if (!ok) throw new StepFault(step, new Error(detail));
  }
  return plugs;
}
