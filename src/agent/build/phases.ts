// Which steps may be carried out together. Pure.
import type { Step } from '../../model/plan.ts';

type StepOf<K extends Step['do']['kind']> = Step & {
  readonly do: Extract<Step['do'], { readonly kind: K }>;
};

export type NamespaceStep = StepOf<'namespace'>;
export type ContainerStep = StepOf<'container'>;
export type LinkStep = StepOf<'bridge' | 'veth'>;
export type ConfigureStep = StepOf<'sysctl' | 'address' | 'route' | 'rule' | 'neighbour'>;
export type NatStep = StepOf<'nat'>;
export type SegmentStep = StepOf<'segment'>;
export type NodeBridgeStep = StepOf<'node-bridge' | 'bridge-port'>;
export type TrunkStep = StepOf<'trunk'>;
export type PathStep = StepOf<'path'>;
export type UplinkStep = StepOf<'uplink'>;
export type DivertStep = StepOf<'divert'>;
export type TunnelEndStep = StepOf<'tunnel'>;
export type RemarkStep = StepOf<'remark'>;
export type LeakCounterStep = StepOf<'leak-counter'>;
export type MirrorStep = StepOf<'mirror-sink' | 'mirror-leaks'>;
export type TunnelStep = TunnelEndStep | RemarkStep | LeakCounterStep;

/** A run of steps of one sort, in the plan's order. */
export type Phase =
  | { readonly kind: 'namespaces'; readonly steps: readonly NamespaceStep[] }
  | { readonly kind: 'containers'; readonly steps: readonly ContainerStep[] }
  | { readonly kind: 'links'; readonly steps: readonly LinkStep[] }
  | { readonly kind: 'addresses'; readonly steps: readonly ConfigureStep[] }
  | { readonly kind: 'nat'; readonly steps: readonly NatStep[] }
  | { readonly kind: 'segments'; readonly steps: readonly SegmentStep[] }
  | { readonly kind: 'bridges'; readonly steps: readonly NodeBridgeStep[] }
  | { readonly kind: 'trunks'; readonly steps: readonly TrunkStep[] }
  | { readonly kind: 'paths'; readonly steps: readonly PathStep[] }
  | { readonly kind: 'uplinks'; readonly steps: readonly UplinkStep[] }
  | { readonly kind: 'diversions'; readonly steps: readonly DivertStep[] }
  | { readonly kind: 'tunnels'; readonly steps: readonly TunnelStep[] }
  | { readonly kind: 'mirrors'; readonly steps: readonly MirrorStep[] };

const PHASE_OF = {
  namespace: 'namespaces',
  container: 'containers',
  bridge: 'links',
  veth: 'links',
  sysctl: 'addresses',
  address: 'addresses',
  route: 'addresses',
  rule: 'addresses',
  neighbour: 'addresses',
  nat: 'nat',
  segment: 'segments',
  'node-bridge': 'bridges',
  'bridge-port': 'bridges',
  trunk: 'trunks',
  path: 'paths',
  uplink: 'uplinks',
  divert: 'diversions',
  tunnel: 'tunnels',
  remark: 'tunnels',
  'leak-counter': 'tunnels',
  'mirror-sink': 'mirrors',
  'mirror-leaks': 'mirrors',
} as const satisfies Readonly<Record<Step['do']['kind'], Phase['kind']>>;

/** Cuts the plan's steps into runs of one sort; their order stays. */
export function groupPhases(steps: readonly Step[]): Phase[] {
  const phases: { kind: Phase['kind']; steps: Step[] }[] = [];
  for (const step of steps) {
    const kind = PHASE_OF[step.do.kind];
    const last = phases.at(-1);
    if (last?.kind === kind) last.steps.push(step);
    else phases.push({ kind, steps: [step] });
  }
  // PHASE_OF is what ties a phase's kind to those of its steps.
  return phases as unknown as Phase[];
}

/** Steps by the node they change, each node's in order: nodes do not depend on each other. */
export function groupByNode<S extends ConfigureStep | NodeBridgeStep>(
  steps: readonly S[],
): Map<string, S[]> {
  const groups = new Map<string, S[]>();
  for (const step of steps) {
    const group = groups.get(step.do.node);
    if (group) group.push(step);
    else groups.set(step.do.node, [step]);
  }
  return groups;
}
