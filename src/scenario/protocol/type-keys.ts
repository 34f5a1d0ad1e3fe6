// The keys of a field's type: one says what kind of field it is, the others belong to that kind.
import { didYouMean } from '../suggest.ts';
import { listed } from '../text.ts';

/** By kind, the further keys; `guarded` goes with all. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  uint: ['enum', 'flags', 'little'],
  bytes: [],
  string: [],
  text: ['blanks'],
  name: [],
  pad: [],
  struct: ['size'],
  list: ['size', 'count', 'until', 'key', 'value', 'ignoreCase'],
  choice: ['cases', 'else', 'size'],
};

/** Those whose fields may count as those of the layout around: they are written without a name. */
export const NAMELESS: readonly string[] = ['struct', 'choice', 'list', 'pad'];

export type KindOf =
  | { readonly ok: true; readonly kind: string }
  | { readonly ok: false; readonly fault: string; readonly help: string | undefined };

export function kindOf(map: Readonly<Record<string, unknown>>): KindOf {
  const kinds = Object.keys(map).filter((key) => Object.hasOwn(KEYS, key));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return {
      ok: false,
      fault: `Expected exactly one of ${listed(Object.keys(KEYS))}, found ${kinds.length === 0 ? 'none' : listed(kinds, 'and')}`,
      help: undefined,
    };
  const known = [...(KEYS[kind] ?? []), 'guarded'];
  const stray = Object.keys(map).find((key) => key !== kind && !known.includes(key));
  if (stray === undefined) return { ok: true, kind };
  return {
    ok: false,
    fault: `A field of the kind "${kind}" has no key "${stray}"`,
    help: didYouMean(stray, known) ?? `It has: ${known.join(', ')}`,
  };
}
