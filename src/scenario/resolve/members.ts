// Who is on which network, with what is written about each: the network's list or map and the node's overrides.
import type { Impairment } from '../../model/plan.ts';
import type { Member as WrittenMember, Network } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { WrittenNode } from '../nodes.ts';
import type { Path } from '../source/tree.ts';
import { resolveImpairment } from './impairment.ts';

/** A member before it has a name, a MAC and addresses. */
export interface MemberDraft {
  readonly node: string;
  readonly network: string;
  readonly path: Path;
  /** Undefined: as its network has it by default. */
  readonly mtu: number | undefined;
  readonly offload: boolean;
  readonly impairment: Impairment | undefined;
  /** A port of a bridge: it gets no addresses. */
  readonly isBridged: boolean;
  /** As written, each with its place. */
  readonly addresses: readonly { readonly text: string; readonly path: Path }[];
  readonly mac: string | undefined;
  readonly name: string | undefined;
}

/** Members in the order of the networks; nodes that are unknown, switched off or named twice are left out. */
export function resolveMembers(context: Context): readonly MemberDraft[] {
  const { networks = {} } = context.scenario;
  return Object.entries(networks).flatMap(([name, network]) => {
    const seen = new Set<string>();
    return writtenMembers(['networks', name], network).flatMap(({ node, path, own }) => {
      const written = context.nodes.get(node);
      if (written === undefined || seen.has(node)) return [];
      seen.add(node);
      return [draft(name, network, written, path, own)];
    });
  });
}

export interface WrittenPlace {
  readonly node: string;
  readonly path: Path;
  readonly own: WrittenMember;
}

/** Both ways to write members as one. */
export function writtenMembers(path: Path, network: Network): readonly WrittenPlace[] {
  const at = [...path, 'members'];
  if (Array.isArray(network.members))
    return network.members.map((node, index) => ({ node, path: [...at, index], own: {} }));
  return Object.entries(network.members).map(([node, own]) => ({
    node,
    path: [...at, node],
    own,
  }));
}

function draft(
  name: string,
  network: Network,
  { name: node, path: at, interfaces, bridge }: WrittenNode,
  path: Path,
  own: WrittenMember,
): MemberDraft {
  const override = interfaces.get(name) ?? {};
  const fromNode = [...at, 'interfaces', name, 'addresses'];
  const written =
    own.address === undefined
      ? texts(override.addresses, fromNode)
      : texts(own.address, [...path, 'address']);
  return {
    node,
    network: name,
    path,
    mtu: override.mtu ?? network.mtu,
    offload: override.offload ?? network.offload ?? false,
    impairment: resolveImpairment(network, node, own),
    isBridged: bridge !== undefined,
    addresses: bridge === undefined ? written : [],
    mac: (own.mac ?? override.mac)?.toLowerCase(),
    name: override.name,
  };
}

/** One text or a list of them, each with its place. */
export function texts(
  written: string | readonly string[] | undefined,
  path: Path,
): readonly { readonly text: string; readonly path: Path }[] {
  if (written === undefined) return [];
  if (typeof written === 'string') return [{ text: written, path }];
  return written.map((text, index) => ({ text, path: [...path, index] }));
}
