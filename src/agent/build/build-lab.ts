// Plan → lab: every step of the plan, in order. What the steps make is undone by the end of the process that made it.
import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { unreachable } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { setUp } from '../../kernel/netlink/link.ts';
import type { Plan } from '../../model/plan.ts';
import type { BuildReport } from '../../model/rpc.ts';
import { configureNodes } from './configure.ts';
import { type StepMessage, exchangeSteps } from './exchange-steps.ts';
import { NODES_A_TURN, buildLinks } from './links.ts';
import { buildDiversions } from './divert.ts';
import { buildNat } from './nat.ts';
import { writeNames } from './names.ts';
import { adoptMachineStacks } from './machine-stack.ts';
import {
  type ContainerStep,
  type NamespaceStep,
  type Phase,
  type TrunkStep,
  type TunnelEndStep,
  type TunnelStep,
  groupPhases,
} from './phases.ts';
import { buildNodeBridges } from './node-bridges.ts';
import { buildSegments } from './segments.ts';
import type { ShapingAbility } from './shaping.ts';
import { Stacks } from './stacks.ts';
import { buildMirrorRules } from './mirror-rules.ts';
import { atStep } from './step-fault.ts';
import { type TrunkOrder, buildTrunks, joinTrunks } from './trunks.ts';
import { buildTunnelRule } from './tunnel-rules.ts';
import { buildUplinks } from './uplink.ts';

export interface BuiltLab {
  readonly stacks: Stacks;
  /** Networks left to our own switch. */
  readonly switched: readonly string[];
  readonly report: BuildReport;
}

/** Makes containers that wait. Gives the descriptors of those network namespaces that the lab fills, by node. */
export type ContainerMaker = (
  steps: readonly ContainerStep[],
) => Promise<ReadonlyMap<string, number>>;

/** Makes one end of a tunnel. */
export type TunnelMaker = (step: TunnelEndStep, stacks: Stacks) => Promise<void>;

/**
 * Builds the lab in this process's own namespaces. Throws the fault of the first step that fails. Containers are made by
 * `makeContainers`, tunnels by `makeTunnel`, trunks by `order`.
 */
export async function buildLab(
  plan: Plan,
  directory: string,
  ability: ShapingAbility,
  makeContainers: ContainerMaker,
  makeTunnel: TunnelMaker,
  order: TrunkOrder,
): Promise<BuiltLab> {
  const lab: LabUnderWay = {
    plan,
    ability,
    makeContainers,
    makeTunnel,
    order,
    names: writeNames(directory, plan),
    stacks: new Stacks(),
    plugs: [],
    switched: [],
    trunks: [],
    impairments: {},
  };
  const timings: Record<string, number> = {};
  const timed = async (phase: string, action: () => Promise<void> | void): Promise<void> => {
    const start = performance.now();
    await action();
    timings[phase] = (timings[phase] ?? 0) + performance.now() - start;
  };
  silenceSegment(lab.stacks);
  adoptMachineStacks(plan, lab.stacks);
  // Its fault is thrown where it is awaited, unless that of a step comes first.
  lab.names.catch(() => undefined);
  for (const phase of groupPhases(plan.steps))
    await timed(phase.kind, () => buildPhase(phase, lab));
  lab.plugs.push(...joinTrunks(lab.trunks, plan, lab.stacks, lab.switched));
  await timed('links', () => inNamespace(lab.stacks.fd(null), () => exchangeSteps(lab.plugs)));
  await timed('names', () => lab.names);
  return {
    stacks: lab.stacks,
    switched: lab.switched,
    report: { timings, impairments: lab.impairments },
  };
}

interface LabUnderWay {
  readonly plan: Plan;
  readonly ability: ShapingAbility;
  readonly makeContainers: ContainerMaker;
  readonly makeTunnel: TunnelMaker;
  readonly order: TrunkOrder;
  /** Two files a node, written by other threads meanwhile. */
  readonly names: Promise<void>;
  readonly stacks: Stacks;
  /** What puts ports on their bridges once every node is ready. */
  readonly plugs: StepMessage[];
  readonly switched: string[];
  /** They join their networks when all of these are there. */
  readonly trunks: TrunkStep[];
  readonly impairments: Record<string, 'netem' | 'tbf' | 'switch'>;
}

async function buildPhase(phase: Phase, lab: LabUnderWay): Promise<void> {
  switch (phase.kind) {
    case 'namespaces':
      return createNamespaces(phase.steps, lab.stacks);
    case 'containers':
      return createContainers(phase.steps, lab);
    case 'links':
      lab.plugs.push(...(await buildLinks(phase.steps, lab.stacks, lab.order.labId)));
      return;
    case 'addresses':
      return configureNodes(phase.steps, lab.stacks);
    case 'nat':
      return buildNat(phase.steps, lab.stacks);
    case 'segments': {
      const made = await buildSegments(phase.steps, lab.plan.networks, lab.stacks, lab.ability);
      lab.plugs.push(...made.plugs);
      lab.switched.push(...made.switched);
      Object.assign(lab.impairments, made.methods);
      return;
    }
    case 'bridges':
      return buildNodeBridges(phase.steps, lab.stacks);
    case 'uplinks':
      return buildUplinks(phase.steps, lab.plan, lab.stacks);
    case 'diversions':
      return buildDiversions(phase.steps, lab.stacks);
    case 'trunks':
      lab.trunks.push(...phase.steps);
      return buildTrunks(phase.steps, lab.order, lab.stacks);
    case 'tunnels':
      return buildTunnels(phase.steps, lab);
    case 'mirrors':
      return buildMirrorRules(phase.steps, lab.stacks);
    // Packet paths need the whole lab: they start when it stands.
    case 'paths':
      return;
    default:
      return unreachable(phase, 'phase');
  }
}

async function buildTunnels(
  steps: readonly TunnelStep[],
  { stacks, makeTunnel }: LabUnderWay,
): Promise<void> {
  for (const step of steps)
    if (isTunnelEnd(step)) await makeTunnel(step, stacks);
    else await buildTunnelRule(step, stacks);
}

const isTunnelEnd = (step: TunnelStep): step is TunnelEndStep => step.do.kind === 'tunnel';

async function createNamespaces(steps: readonly NamespaceStep[], stacks: Stacks): Promise<void> {
  let turn = 0;
  for (const step of steps) {
    const { node } = step.do;
    atStep(step, () => stacks.create(node));
    inNamespace(stacks.fd(node), () => exchangeSteps([{ step, message: setUp(LOOPBACK_INDEX) }]));
    if (++turn % NODES_A_TURN === 0) await setImmediate();
  }
}

async function createContainers(steps: readonly ContainerStep[], lab: LabUnderWay): Promise<void> {
  // Their hosts files are mounted into them.
  await lab.names;
  const namespaces = await lab.makeContainers(steps);
  for (const step of steps) {
    const fd = namespaces.get(step.do.node);
    if (fd === undefined) continue;
    lab.stacks.adopt(step.do.node, fd);
    inNamespace(fd, () => exchangeSteps([{ step, message: setUp(LOOPBACK_INDEX) }]));
  }
}

const LOOPBACK_INDEX = 1;

/** The segment is wire, not host: its devices must not speak IPv6 of their own. */
function silenceSegment(stacks: Stacks): void {
  inNamespace(stacks.fd(null), () => {
    for (const scope of ['all', 'default'])
      writeFileSync(`/proc/sys/net/ipv6/conf/${scope}/disable_ipv6`, '1');
  });
}
