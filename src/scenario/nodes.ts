// Hosts and containers as one: what the file writes of a node, whichever section it stands in.
import { LOCAL_MACHINE } from '../model/machine.ts';
import type { PlanBridge, PlanNode } from '../model/plan.ts';
import type { Container, Host, Interface, ScenarioFile } from '../model/scenario-file.ts';
import type { Path } from './source/tree.ts';

export type NodeKind = PlanNode['kind'];

/** The section in which nodes of each kind are written. */
export const SECTIONS: Readonly<Record<NodeKind, 'hosts' | 'containers'>> = {
  host: 'hosts',
  container: 'containers',
};

export const NODE_KINDS: readonly NodeKind[] = ['host', 'container'];

/** A node as written. */
export interface WrittenNode {
  readonly name: string;
  readonly kind: NodeKind;
  readonly path: Path;
  /** The machine that it is on, as written. */
  readonly on: string;
  readonly stack: PlanNode['stack'];
  /** Undefined: as its networks suggest. */
  readonly forwarding: boolean | undefined;
  /** Who carries frames from network to network, if it is a bridge. */
  readonly bridge: Exclude<PlanBridge['kind'], 'ring'> | undefined;
  /** By network. */
  readonly interfaces: ReadonlyMap<string, Interface>;
  /** Of a container. */
  readonly container?: Container;
}

const STACKS = { own: 'namespace', machine: 'machine', docker: 'engine' } as const;

/** All nodes by name, hosts first; of two of one name the host, as a rule refuses the other. */
export function writtenNodes(scenario: ScenarioFile): ReadonlyMap<string, WrittenNode> {
  const nodes = new Map<string, WrittenNode>();
  for (const [name, host] of Object.entries(scenario.hosts ?? {}))
    nodes.set(name, nodeOf('host', name, host));
  for (const [name, container] of Object.entries(scenario.containers ?? {}))
    if (!nodes.has(name)) nodes.set(name, { ...nodeOf('container', name, container), container });
  return nodes;
}

function nodeOf(kind: NodeKind, name: string, written: Host | Container): WrittenNode {
  return {
    name,
    kind,
    path: [SECTIONS[kind], name],
    on: written.on ?? LOCAL_MACHINE,
    stack: STACKS[written.network ?? 'own'],
    forwarding: written.forwarding,
    bridge: bridgeOf(written),
    interfaces: new Map(Object.entries(written.interfaces ?? {})),
  };
}

function bridgeOf({ bridge = false }: Host | Container): WrittenNode['bridge'] {
  if (bridge === false) return undefined;
  return bridge === true ? 'kernel' : bridge;
}
