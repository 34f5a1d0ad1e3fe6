import type { BundleDraft } from './bundle-drafts.ts';
import type { TunnelDraft } from './order.ts';

/**
 * Tunnels that some tunnel goes over, or what some bundle has move between them, together; each of the others by itself. In the order of the
 * tunnels.
 */
export function carrierGroups(
  drafts: readonly TunnelDraft[],
  bundles: readonly BundleDraft[],
): readonly (readonly TunnelDraft[])[] {
  const groupOf = new Map(drafts.map(({ name }) => [name, name]));
  for (const { over } of [...drafts, ...bundles.filter(({ stays }) => !stays)]) {
    const joined = new Set(over.map((name) => groupOf.get(name)));
    const [first] = over;
    const target = first === undefined ? undefined : groupOf.get(first);
    if (target === undefined) continue;
    for (const [name, group] of groupOf) if (joined.has(group)) groupOf.set(name, target);
  }
  const groups = new Map<string, TunnelDraft[]>();
  for (const draft of drafts) {
    const key = groupOf.get(draft.name) ?? draft.name;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [draft]);
    else group.push(draft);
  }
  return [...groups.values()];
}
