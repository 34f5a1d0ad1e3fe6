// Who is on which network, with what is written about each: the network's list or map and the host's overrides.
import type { Impairment } from '../../model/plan.ts';
import type { Interface, Member as WrittenMember, Network } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { resolveImpairment } from './impairment.ts';

/** A member before it has a name, a MAC and addresses. */
export interface MemberDraft {
  readonly node: string;
  readonly network: string;
  readonly path: Path;
  readonly mtu: number;
  readonly offload: boolean;
  readonly impairment: Impairment | undefined;
  /** As written, each with its place. */
  readonly addresses: readonly { readonly text: string; readonly path: Path }[];
  readonly mac: string | undefined;
  readonly name: string | undefined;
}

/** Members in the order of the networks; hosts that are unknown, switched off or named twice are left out. */
export function resolveMembers(context: Context): readonly MemberDraft[] {
  const { hosts, networks = {} } = context.scenario;
  return Object.entries(networks).flatMap(([name, network]) => {
    const seen = new Set<string>();
    return writtenMembers(['networks', name], network).flatMap(({ node, path, own }) => {
      if (!Object.hasOwn(hosts, node) || seen.has(node)) return [];
      seen.add(node);
      const overrides = hosts[node]?.interfaces;
      const override =
        overrides !== undefined && Object.hasOwn(overrides, name) ? overrides[name] : undefined;
      return [draft(name, network, node, path, own, override ?? {})];
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
  node: string,
  path: Path,
  own: WrittenMember,
  override: Interface,
): MemberDraft {
  const fromHost = ['hosts', node, 'interfaces', name, 'addresses'];
  return {
    node,
    network: name,
    path,
    mtu: override.mtu ?? network.mtu ?? 1500,
    offload: override.offload ?? network.offload ?? false,
    impairment: resolveImpairment(network, node, own),
    addresses:
      own.address === undefined
        ? texts(override.addresses, fromHost)
        : texts(own.address, [...path, 'address']),
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
