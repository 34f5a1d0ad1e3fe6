// `${params.name}` → its value. A text that is nothing else takes on the value's type.
import type { ParamValue } from '../../model/plan.ts';
import type { Faults } from '../faults.ts';
import {
  type MapEntry,
  type MapTree,
  type ScalarTree,
  type Tree,
  UNKNOWN,
} from '../source/tree.ts';
import { didYouMean } from '../suggest.ts';
import type { Scalar } from './param-types.ts';
import type { Given, Params } from './declare.ts';

const HOLE = /\$\$\{|\$\{([^}]*)\}?/g;
const NAME = /^params\.([A-Za-z_][A-Za-z0-9_-]*)$/;

/** The whole scenario with its parameters filled in; `params` itself is left as it is. */
export function interpolate(root: MapTree, params: Params, faults: Faults): MapTree {
  const filler = new Filler(params, faults);
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of root.entries)
    entries.set(key, key === 'params' ? entry : { ...entry, value: filler.fill(entry.value) });
  return { ...root, entries };
}

const isSingle = (value: ParamValue | undefined): value is Scalar =>
  value !== undefined && typeof value !== 'object';

class Filler {
  readonly #params: Params;
  readonly #faults: Faults;
  readonly #done = new Map<Tree, Tree>();

  constructor(params: Params, faults: Faults) {
    this.#params = params;
    this.#faults = faults;
  }

  fill(tree: Tree): Tree {
    if (tree.kind === 'scalar') return this.#scalar(tree);
    const known = this.#done.get(tree);
    if (known !== undefined) return known;
    const filled: Tree =
      tree.kind === 'list'
        ? { ...tree, items: tree.items.flatMap((item) => this.#items(item)) }
        : { ...tree, entries: this.#entries(tree) };
    this.#done.set(tree, filled);
    return filled;
  }

  /** A parameter that is a list becomes items of the list that it is written in. */
  #items(item: Tree): readonly Tree[] {
    const filled = this.fill(item);
    return item.kind === 'scalar' && filled.kind === 'list' ? filled.items : [filled];
  }

  #entries(tree: MapTree): Map<string, MapEntry> {
    return new Map(
      Array.from(tree.entries, ([key, entry]) => [
        key,
        { ...entry, value: this.fill(entry.value) },
      ]),
    );
  }

  #scalar(tree: ScalarTree): Tree {
    const { value } = tree;
    if (typeof value !== 'string' || !value.includes('${')) return tree;
    const whole = /^\$\{([^{}]*)\}$/.exec(value);
    if (whole !== null) {
      const found = this.#lookUp(whole[1] ?? '', tree);
      if (found?.list !== undefined) return found.list;
      const own = isSingle(found?.value) ? found.value : UNKNOWN;
      return { ...tree, value: own, isParameter: true };
    }
    const found: (string | undefined)[] = [];
    const text = value.replace(HOLE, (hole: string, inner?: string) => {
      if (hole === '$${') return '${';
      const part = this.#text(hole.endsWith('}') ? (inner ?? '') : hole, tree);
      found.push(part);
      return part ?? '';
    });
    return { ...tree, value: found.includes(undefined) ? UNKNOWN : text };
  }

  /** Within other text, the items of a list are alternatives. */
  #text(inner: string, tree: ScalarTree): string | undefined {
    const value = this.#lookUp(inner, tree)?.value;
    if (value === undefined || isSingle(value)) return value?.toString();
    const texts = value.filter((item) => typeof item === 'string');
    if (texts.length === value.length) return texts.join('|');
    this.#faults.add('S031', tree.span, 'A list with a file cannot be part of a text', {
      help: 'Write the parameter as an item of a list',
    });
    return undefined;
  }

  #lookUp(inner: string, tree: ScalarTree): Given | undefined {
    const name = NAME.exec(inner.trim())?.[1];
    if (name === undefined) {
      const found = `\${${inner.replace(/^\$\{/, '').slice(0, 40)}}`;
      this.#faults.add('S031', tree.span, `Expected "\${params.name}", found "${found}"`, {
        help: 'Write "$${" where the text itself is meant',
      });
      return undefined;
    }
    if (this.#params.has(name)) return this.#params.get(name);
    this.#faults.add('S030', tree.span, `There is no parameter "${name}"`, {
      help: didYouMean(name, this.#params.keys()) ?? `Declare it: params: { ${name}: { type: … } }`,
    });
    return undefined;
  }
}
