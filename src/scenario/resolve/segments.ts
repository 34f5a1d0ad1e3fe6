// Which networks bridge nodes make one.
import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import type { MemberDraft } from './members.ts';

/** By network, the first of its segment: itself where no bridge joins it to an earlier one. */
export function resolveSegments(
  context: Context,
  drafts: readonly MemberDraft[],
): ReadonlyMap<string, string> {
  const names = Object.keys(context.scenario.networks ?? {});
  const order = new Map(names.map((name, index) => [name, index]));
  const parents = new Map(names.map((name) => [name, name]));
  const bridged = drafts.filter(({ isBridged }) => isBridged);
  for (const sides of groupBy(bridged, ({ node }) => node).values()) {
    const [first, ...others] = sides.map(({ network }) => network);
    for (const other of others) {
      const roots = [rootOf(parents, first ?? other), rootOf(parents, other)] as const;
      const [earlier, later] =
        (order.get(roots[0]) ?? 0) <= (order.get(roots[1]) ?? 0)
          ? roots
          : ([roots[1], roots[0]] as const);
      parents.set(later, earlier);
    }
  }
  return new Map(names.map((name) => [name, rootOf(parents, name)]));
}

/** The name at the end of the chain that begins with `name`. */
export function rootOf(parents: ReadonlyMap<string, string>, name: string): string {
  for (let at = name; ;) {
    const next = parents.get(at) ?? at;
    if (next === at) return at;
    at = next;
  }
}
