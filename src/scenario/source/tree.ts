// A document as values that know where they were written. Faults are found on plain data and shown by these places.
import type { Span } from '../../base/diagnostic.ts';

export type Tree = MapTree | ListTree | ScalarTree;

export interface MapTree {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly keySpan: Span;
  readonly value: Tree;
}

export interface ListTree {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Tree[];
}

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: string | number | boolean | null;
  /** What the file writes where the value is a number or truth value: `1.10`, `0x10`. */
  readonly source?: string;
  /** Whether the value is a parameter's, and the text at its place nothing besides. */
  readonly isParameter?: boolean;
}

/** Stands for a value that a reported fault leaves unknown; texts of a scenario that hold this character are faults. */
export const UNKNOWN = '\u0000';

/** Keys and indices from the root. */
export type Path = readonly (string | number)[];

/** The tree as plain JSON values; parts that an alias shares are shared. */
export const toData = (tree: Tree): unknown => dataOf(tree, new Map<Tree, unknown>());

function dataOf(tree: Tree, known: Map<Tree, unknown>): unknown {
  if (tree.kind === 'scalar') return tree.value;
  const seen = known.get(tree);
  if (seen !== undefined) return seen;
  const data =
    tree.kind === 'list'
      ? tree.items.map((item) => dataOf(item, known))
      : Object.fromEntries(
          Array.from(tree.entries, ([key, entry]) => [key, dataOf(entry.value, known)]),
        );
  known.set(tree, data);
  return data;
}

export function childOf(tree: Tree, step: string | number): Tree | undefined {
  if (tree.kind === 'map') return tree.entries.get(String(step))?.value;
  if (tree.kind === 'list') return tree.items[Number(step)];
  return undefined;
}

/** What lies at `path`, or undefined when the file says nothing there. */
export function treeAt(tree: Tree, path: Path): Tree | undefined {
  let at: Tree | undefined = tree;
  for (const step of path) {
    if (at === undefined) return undefined;
    at = childOf(at, step);
  }
  return at;
}

/** The place of the value at `path`, or of the nearest thing around it that the file does say. */
export function spanAt(tree: Tree, path: Path): Span {
  let at = tree;
  let span = tree.span;
  for (const step of path) {
    const next = childOf(at, step);
    if (next === undefined) return span;
    at = next;
    span = next.span;
  }
  return span;
}

/** The place of the key at `path`; where it is no key of a map, the place of the value. */
export function keySpanAt(tree: Tree, path: Path): Span {
  if (path.length === 0) return firstKeySpan(tree) ?? tree.span;
  const parent = treeAt(tree, path.slice(0, -1));
  const key = path.at(-1);
  const entry = parent?.kind === 'map' ? parent.entries.get(String(key)) : undefined;
  return entry?.keySpan ?? itemSpan(treeAt(tree, path)) ?? spanAt(tree, path);
}

function firstKeySpan(tree: Tree): Span | undefined {
  const [first] = tree.kind === 'map' ? tree.entries.values() : [];
  return first?.keySpan;
}

/** A list's item that is a map is known by its first value, mostly its name. */
function itemSpan(item: Tree | undefined): Span | undefined {
  const [first] = item?.kind === 'map' ? item.entries.values() : [];
  return first?.value.kind === 'scalar' ? first.value.span : first?.keySpan;
}
