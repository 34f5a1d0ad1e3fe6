import type { Control } from '../../model/traffic.ts';
import type { ResolvedFlow } from '../resolve/flows.ts';

/** Whether one flow waits, by `after`, for the other to end: at once, or by way of others. */
export function waitsFor(
  flows: readonly ResolvedFlow[],
  controls: readonly { readonly control: Pick<Control, 'name' | 'after'> }[],
): (waiting: string, awaited: string) => boolean {
  const after = new Map([
    ...flows.map(({ flow }) => [flow.name, flow.schedule.after] as const),
    ...controls.map(({ control }) => [control.name, control.after] as const),
  ]);
  const known = new Map<string, ReadonlySet<string>>();
  const awaitedBy = (name: string): ReadonlySet<string> => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const all = new Set<string>();
    const open = [...(after.get(name) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (all.has(next)) continue;
      all.add(next);
      open.push(...(after.get(next) ?? []));
    }
    known.set(name, all);
    return all;
  };
  return (waiting, awaited) => awaitedBy(waiting).has(awaited);
}
