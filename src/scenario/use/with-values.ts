// The parameters of a file that is used, with what `with` sets.
import type { Span } from '../../base/diagnostic.ts';
import type { Faults } from '../faults.ts';
import { Declaration, type Given, type Params } from '../params/declare.ts';
import { isParamType } from '../params/param-types.ts';
import { type MapEntry, type MapTree, UNKNOWN, treeAt } from '../source/tree.ts';
import { didYouMean } from '../suggest.ts';

/** `at` is where the file is used, as `name`. Nothing of the command line or of the using file comes in but by `with`. */
export function withValues(
  root: MapTree,
  settings: MapTree | undefined,
  name: string,
  at: Span,
  faults: Faults,
): Params {
  const section = root.entries.get('params')?.value;
  const declared: ReadonlyMap<string, MapEntry> =
    section?.kind === 'map' ? section.entries : new Map();
  const params = new Map<string, Given | undefined>();
  for (const [param, entry] of declared)
    params.set(param, valueOf(param, entry, settings?.entries.get(param)));
  for (const [param, { keySpan }] of settings?.entries ?? [])
    if (!declared.has(param))
      faults.add('S034', keySpan, `The scenario "${name}" has no parameter "${param}"`, {
        help: didYouMean(param, declared.keys()) ?? listNames([...declared.keys()]),
      });
  return params;

  function valueOf(
    param: string,
    { value: declaration, keySpan }: MapEntry,
    setting: MapEntry | undefined,
  ): Given | undefined {
    const written = treeAt(declaration, ['type']);
    const type = written?.kind === 'scalar' ? written.value : undefined;
    if (!isParamType(type)) {
      faults.add('S032', keySpan, `The parameter "${param}" has no type that runner knows`);
      return undefined;
    }
    const own = new Declaration(param, type, declaration, faults);
    if (setting !== undefined)
      return setting.value.kind === 'scalar' && setting.value.value === UNKNOWN
        ? undefined
        : own.given(setting.value, 'value');
    if (treeAt(declaration, ['default']) !== undefined) return own.default();
    faults.add('S033', at, `The parameter "${param}" of "${name}" has no value`, {
      related: [{ message: 'It is declared here', span: keySpan }],
      help: `Write with: { ${param}: … }`,
    });
    return undefined;
  }
}

const listNames = (names: readonly string[]): string =>
  names.length === 0 ? 'It has no parameters: remove "with"' : `It has: ${names.join(', ')}`;
