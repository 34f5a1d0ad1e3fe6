import type { MapTree, Tree } from '../../source/tree.ts';

/** The value of the first of these keys that a map has; what is null is as if it were not there. */
export function firstOf({ entries }: MapTree, keys: readonly string[]): Tree | undefined {
  for (const key of keys) {
    const value = entries.get(key)?.value;
    if (value !== undefined && !(value.kind === 'scalar' && value.value === null)) return value;
  }
  return undefined;
}
