import { Scalar, isAlias, isCollection, isMap, isScalar, isSeq } from 'yaml';
import type { Faults } from '../faults.ts';
import { LIMITS } from './limits.ts';
import type { Positions } from './positions.ts';
import { type MapEntry, type Tree, UNKNOWN } from './tree.ts';
import type { Span } from '../../base/diagnostic.ts';

const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Turns one parsed document into a tree. Aliases share their target; how much they stand for is counted, not made. */
export class TreeBuilder {
  readonly #positions: Positions;
  readonly #faults: Faults;
  readonly #mergeKeys: boolean;
  readonly #anchors = new Map<string, Tree | 'open'>();
  /** How many values a tree stands for once its aliases are followed. */
  readonly #sizes = new Map<Tree, number>();
  #aliases = 0;
  /** Entries that merge keys copied. */
  #merged = 0;
  #failed = false;

  /** `mergeKeys`: whether `<<` merges maps, and scalar keys of any type stand for their text. */
  constructor(positions: Positions, faults: Faults, mergeKeys = false) {
    this.#positions = positions;
    this.#faults = faults;
    this.#mergeKeys = mergeKeys;
  }

  /** The tree, or undefined when a fault leaves none to go on with. */
  build(contents: unknown): Tree | undefined {
    const tree = this.#convert(contents, this.#positions.span(0, 1));
    const size = this.#sizes.get(tree) ?? 1;
    if (size > LIMITS.values && !this.#failed)
      this.#fail(
        'S009',
        tree.span,
        `The file is too large once aliases are followed: expected at most ${LIMITS.values} values, found ${size}`,
      );
    return this.#failed ? undefined : tree;
  }

  #convert(node: unknown, around: Span): Tree {
    if (isAlias(node)) return this.#follow(node.source, this.#spanOf(node, around));
    const span = this.#spanOf(node, around);
    const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const tree = this.#convertPlain(node, span);
    if (anchor !== undefined) this.#anchors.set(anchor, tree);
    return tree;
  }

  #convertPlain(node: unknown, span: Span): Tree {
    if (isMap(node)) return this.#map(node.items, span);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#convert(item, span));
      return this.#sized({ kind: 'list', span, items }, items);
    }
    if (isScalar(node)) return this.#scalar(node, span);
    return { kind: 'scalar', span, value: null };
  }

  #map(pairs: readonly { key: unknown; value: unknown }[], span: Span): Tree {
    const entries = new Map<string, MapEntry>();
    const bases: Tree[] = [];
    for (const { key, value } of pairs) {
      const keySpan = this.#spanOf(key, span);
      if (this.#mergeKeys && isMergeKey(key)) {
        bases.push(this.#convert(value, keySpan));
        continue;
      }
      const name = this.#key(key, keySpan);
      const first = name === undefined ? undefined : entries.get(name);
      if (first !== undefined)
        this.#fail(
          'S003',
          keySpan,
          `The key "${shorten(name ?? '')}" is written twice in one map`,
          {
            related: [{ message: 'First written here', span: first.keySpan }],
          },
        );
      const entry = { keySpan, value: this.#convert(value, keySpan) };
      if (name !== undefined) entries.set(name, entry);
    }
    for (const base of bases) this.#merge(base, entries);
    const values = Array.from(entries.values(), (entry) => entry.value);
    return this.#sized({ kind: 'map', span, entries }, values);
  }

  /** Adds what is not there yet; of several maps the earlier wins (yaml.org/type/merge.html). */
  #merge(base: Tree, entries: Map<string, MapEntry>): void {
    for (const map of base.kind === 'list' ? base.items : [base]) {
      if (map.kind !== 'map') {
        this.#fail(
          'S005',
          map.span,
          'Expected a map, or a list of maps, behind the merge key "<<"',
        );
        continue;
      }
      this.#merged += map.entries.size;
      if (this.#merged > LIMITS.values) {
        this.#fail(
          'S009',
          map.span,
          `The file is too large once merge keys are followed: expected at most ${LIMITS.values} values`,
        );
        return;
      }
      for (const [key, entry] of map.entries) if (!entries.has(key)) entries.set(key, entry);
    }
  }

  #key(written: unknown, span: Span): string | undefined {
    const key = this.#mergeKeys ? asTextKey(written) : written;
    if (!isScalar(key) || typeof key.value !== 'string') {
      this.#fail('S006', span, 'A key must be text', {
        help: isScalar(key) ? 'Put it in quotes' : 'Use a plain word as the key',
      });
      return undefined;
    }
    if (!this.#mergeKeys && isMergeKey(key)) {
      this.#fail('S005', span, 'The merge key "<<" is not part of the scenario format', {
        help: 'Repeat the keys, or use "extends" to build on another file',
      });
      return undefined;
    }
    if (PROTOTYPE_KEYS.has(key.value)) {
      this.#fail('S004', span, `The key "${key.value}" is not allowed`);
      return undefined;
    }
    return key.value;
  }

  #scalar(node: Scalar, span: Span): Tree {
    const { value } = node;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.#fail('S014', span, 'Expected a finite number', {
        help: 'Put it in quotes if it is text',
      });
      return { kind: 'scalar', span, value: UNKNOWN };
    }
    if (typeof value === 'string') return this.#text(value, span);
    if (typeof value !== 'number' && typeof value !== 'boolean')
      return { kind: 'scalar', span, value: null };
    const { source } = node;
    return { kind: 'scalar', span, value, ...(source === undefined ? {} : { source }) };
  }

  /** Neither a program's arguments and variables nor a path can hold the character that ends them in C. */
  #text(value: string, span: Span): Tree {
    if (!value.includes('\0')) return { kind: 'scalar', span, value };
    this.#fail('S011', span, 'Expected text, found one with the character U+0000 in it', {
      help: 'Leave the character out: no program, file or variable can be given it',
    });
    return { kind: 'scalar', span, value: UNKNOWN };
  }

  #follow(name: string, span: Span): Tree {
    const target = this.#anchors.get(name);
    this.#aliases += 1;
    if (this.#aliases === LIMITS.aliases + 1)
      this.#fail('S009', span, `The file has too many aliases: expected at most ${LIMITS.aliases}`);
    if (target !== undefined && target !== 'open') return target;
    this.#fail(
      'S010',
      span,
      target === 'open'
        ? `The alias "*${shorten(name)}" stands for a value that holds the alias itself`
        : `The alias "*${shorten(name)}" names no anchor above it`,
      { help: `Write "&${shorten(name)}" before the value to repeat` },
    );
    return { kind: 'scalar', span, value: null };
  }

  #sized<T extends Tree>(tree: T, parts: readonly Tree[]): T {
    let size = 1;
    for (const part of parts) size += this.#sizes.get(part) ?? 1;
    this.#sizes.set(tree, size);
    return tree;
  }

  #spanOf(node: unknown, around: Span): Span {
    if (!isScalar(node) && !isCollection(node) && !isAlias(node)) return around;
    const [start, end] = node.range ?? [];
    if (start === undefined || end === undefined) return around;
    return this.#positions.span(start, Math.max(end, start + 1));
  }

  /** Reports; an alias fault leaves no tree to go on with, the others leave one that is right elsewhere. */
  #fail(code: string, span: Span, message: string, more?: Parameters<Faults['add']>[3]): void {
    this.#failed ||= code === 'S009' || code === 'S010';
    this.#faults.add(code, span, message, more);
  }
}

const isMergeKey = (key: unknown): boolean =>
  isScalar(key) && key.value === '<<' && key.type === 'PLAIN';

/** `8080: x` as `"8080": x`. */
function asTextKey(key: unknown): unknown {
  if (!isScalar(key) || (typeof key.value !== 'number' && typeof key.value !== 'boolean'))
    return key;
  return new Scalar(key.source ?? String(key.value));
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
