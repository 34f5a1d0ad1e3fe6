// What stands in a compose file as values, with a fault where it is something else. Nothing at all is undefined.
import type { Span } from '../../base/diagnostic.ts';
import type { Faults } from '../faults.ts';
import type { MapEntry, ScalarTree, Tree } from '../source/tree.ts';

export interface Text {
  readonly text: string;
  readonly span: Span;
  readonly tree: Tree;
}

/** `NAME=value` of a list, or an entry of a map. */
export interface Pair {
  readonly name: string;
  /** Undefined when there is only a name. */
  readonly value: string | undefined;
  readonly span: Span;
  /** What the value stands in. */
  readonly tree: Tree;
}

export class Reader {
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  text(tree: Tree | undefined, what: string): string | undefined {
    if (isNothing(tree)) return undefined;
    if (tree.kind === 'scalar') return scalarText(tree);
    this.#wrong(tree, `a text in "${what}"`);
    return undefined;
  }

  flag(tree: Tree | undefined, what: string): boolean | undefined {
    const text = this.text(tree, what)?.toLowerCase();
    if (tree === undefined || text === undefined || text === '') return undefined;
    if (['true', 'yes', 'on', 'y', '1'].includes(text)) return true;
    if (['false', 'no', 'off', 'n', '0'].includes(text)) return false;
    this.#wrong(tree, `true or false in "${what}"`);
    return undefined;
  }

  number(tree: Tree | undefined, what: string): number | undefined {
    const text = this.text(tree, what);
    if (tree === undefined || text === undefined || text === '') return undefined;
    const number = Number(text);
    if (Number.isFinite(number)) return number;
    this.#wrong(tree, `a number in "${what}"`);
    return undefined;
  }

  /** Items of a list, or the one that stands for a list of one. */
  items(tree: Tree | undefined): readonly Tree[] {
    if (isNothing(tree)) return [];
    return tree.kind === 'list' ? tree.items : [tree];
  }

  texts(tree: Tree | undefined, what: string): readonly Text[] {
    return this.items(tree).flatMap((item) => {
      const text = this.text(item, what);
      return text === undefined ? [] : [{ text, span: item.span, tree: item }];
    });
  }

  map(tree: Tree | undefined, what: string): ReadonlyMap<string, MapEntry> {
    if (isNothing(tree)) return new Map();
    if (tree.kind === 'map') return tree.entries;
    this.#wrong(tree, `a map in "${what}"`);
    return new Map();
  }

  /** A map, or a list of names, of which each leads to nothing in particular. */
  named(tree: Tree | undefined, what: string): ReadonlyMap<string, MapEntry> {
    if (isNothing(tree) || tree.kind !== 'list') return this.map(tree, what);
    return new Map(
      this.texts(tree, what).map(({ text, span }) => [
        text,
        { keySpan: span, value: { kind: 'scalar', span, value: null } },
      ]),
    );
  }

  pairs(tree: Tree | undefined, what: string): readonly Pair[] {
    if (tree?.kind === 'list')
      return this.texts(tree, what).map(({ text, span, tree: item }) => {
        const cut = text.indexOf('=');
        return cut < 0
          ? { name: text, value: undefined, span, tree: item }
          : { name: text.slice(0, cut), value: text.slice(cut + 1), span, tree: item };
      });
    return Array.from(this.map(tree, what), ([name, { keySpan, value }]) => ({
      name,
      value: this.text(value, what),
      span: isNothing(value) ? keySpan : value.span,
      tree: value,
    }));
  }

  #wrong(tree: Tree, wish: string): void {
    const found = tree.kind === 'scalar' ? JSON.stringify(tree.value) : `a ${tree.kind}`;
    this.#faults.add('C008', tree.span, `Expected ${wish}, found ${found}`);
  }
}

/** A whole number that a double cannot hold keeps its digits. */
const scalarText = ({ value, source }: ScalarTree): string =>
  typeof value === 'number' &&
  source !== undefined &&
  !Number.isSafeInteger(value) &&
  /^[-+]?\d+$/.test(source)
    ? source
    : String(value);

export const isNothing = (tree: Tree | undefined): tree is undefined =>
  tree === undefined || (tree.kind === 'scalar' && tree.value === null);
