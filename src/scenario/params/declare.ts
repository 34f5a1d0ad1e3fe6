// The `params` section: what may be set, what it is set to.
import type { ParamValue } from '../../model/plan.ts';
import type { Faults } from '../faults.ts';
import { type ListTree, type MapTree, type Tree, toData, treeAt } from '../source/tree.ts';
import { didYouMean } from '../suggest.ts';
import { isListType, listOf, listTree, writtenList } from './param-list.ts';
import { type ParamType, type Scalar, checkParam, isParamType, parseParam } from './param-types.ts';

/** Each declared param with its value; undefined where a fault (reported) leaves it without one. */
export type Params = ReadonlyMap<string, Given | undefined>;

export interface Given {
  readonly value: ParamValue;
  /** Of a list: its items, where they are written. */
  readonly list?: ListTree;
}

/** `settings` are the `--set` of the command line. A declaration of the wrong shape is the schema's to report. */
export function declareParams(
  root: MapTree,
  settings: Readonly<Record<string, string>>,
  faults: Faults,
): Params {
  const section = root.entries.get('params')?.value;
  const declared = section?.kind === 'map' ? section.entries : new Map<string, never>();
  const params = new Map<string, Given | undefined>();
  for (const [name, { value, keySpan }] of declared) {
    const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
    const type = scalarIn(value, 'type')?.value;
    if (!isParamType(type)) {
      params.set(name, undefined);
      continue;
    }
    const given = new Declaration(name, type, value, faults);
    const fallback = given.default();
    if (setting !== undefined) params.set(name, given.set(setting));
    else if (treeAt(value, ['default']) === undefined) {
      faults.add('S033', keySpan, `The parameter "${name}" has no value`, {
        help: `Add "--set ${name}=…" to the command, or a default to the file`,
      });
      params.set(name, undefined);
    } else params.set(name, fallback);
  }
  for (const name of Object.keys(settings))
    if (!declared.has(name)) {
      const help = didYouMean(name, declared.keys()) ?? listNames([...declared.keys()]);
      const span = root.entries.get('params')?.keySpan ?? { ...root.span, length: 1 };
      faults.add('S034', span, `"--set ${name}" sets a parameter that the scenario does not have`, {
        help,
      });
    }
  return params;
}

export class Declaration {
  readonly #name: string;
  readonly #type: ParamType;
  readonly #tree: Tree;
  readonly #faults: Faults;

  constructor(name: string, type: ParamType, tree: Tree, faults: Faults) {
    this.#name = name;
    this.#type = type;
    this.#tree = tree;
    this.#faults = faults;
  }

  default(): Given | undefined {
    const written = treeAt(this.#tree, ['default']);
    return written && this.given(written, 'default');
  }

  /** From `--set`. */
  set(setting: string): Given | undefined {
    if (isListType(this.#type)) return givenList(writtenList(setting, this.#tree.span));
    const parsed = parseParam(this.#type, setting);
    if (parsed.ok) return this.#allowed(parsed.value, this.#tree, `"--set ${this.#name}"`);
    this.#faults.add('S032', this.#tree.span, `Bad "--set ${this.#name}": ${parsed.error}`, {
      help: `The type of the parameter is "${this.#type}"`,
    });
    return undefined;
  }

  /** What a file writes. */
  given(written: Tree, what: 'default' | 'value'): Given | undefined {
    const list = isListType(this.#type) ? listTree(this.#type, written) : undefined;
    if (list !== undefined) return givenList(list);
    const value = toData(written);
    const checked = checkParam(this.#type, value);
    if (checked.ok) return this.#allowed(checked.value, written, `The ${what}`);
    this.#faults.add(
      'S032',
      written.span,
      `Bad ${what} of the parameter "${this.#name}": ${checked.error}`,
      {
        help: `The type of the parameter is "${this.#type}"`,
      },
    );
    return undefined;
  }

  #allowed(value: Scalar, at: Tree, subject: string): Given | undefined {
    const list = this.#tree.kind === 'map' ? this.#tree.entries.get('values')?.value : undefined;
    if (list?.kind !== 'list') return { value };
    const values = list.items.map((item) => (item.kind === 'scalar' ? item.value : null));
    if (values.includes(value)) return { value };
    this.#faults.add(
      'S032',
      at.span,
      `${subject} is none of the parameter's values: expected ${values.map((item) => JSON.stringify(item)).join(', ')}, found ${JSON.stringify(value)}`,
      { help: typeof value === 'string' ? didYouMean(value, values.map(String)) : undefined },
    );
    return undefined;
  }
}

const givenList = (list: ListTree): Given => ({ value: listOf(list), list });

function scalarIn(tree: Tree, key: string): (Tree & { readonly kind: 'scalar' }) | undefined {
  const value = tree.kind === 'map' ? tree.entries.get(key)?.value : undefined;
  return value?.kind === 'scalar' ? value : undefined;
}

const listNames = (names: readonly string[]): string =>
  names.length === 0 ? 'The scenario has no parameters' : `It has: ${names.join(', ')}`;
