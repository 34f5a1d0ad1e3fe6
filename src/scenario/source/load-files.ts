// A scenario with the files it extends and includes, merged into one tree.
import type { Result } from '../../base/result.ts';
import type { Span } from '../../base/diagnostic.ts';
import type { Faults } from '../faults.ts';
import { LIMITS } from './limits.ts';
import { type MergeKind, mergeTrees } from './merge-trees.ts';
import { readYaml } from './read-yaml.ts';
import { resolvePath } from './resolve-path.ts';
import type { MapTree, ScalarTree, Tree } from './tree.ts';

/** All files that one scenario is made of. */
export class ScenarioFiles {
  /** The text of each file, by path, in the order in which they were read. */
  readonly files: Map<string, string> = new Map<string, string>();
  readonly #readFile: (path: string) => Result<string, string>;
  readonly #faults: Faults;
  #count = 0;

  constructor(readFile: (path: string) => Result<string, string>, faults: Faults) {
    this.#readFile = readFile;
    this.#faults = faults;
  }

  /** A file with those it extends and includes; undefined when it is not one. `above` are the files that lead here, outermost first. */
  load(file: string, text: string, above: readonly string[]): MapTree | undefined {
    this.files.set(file, text);
    const own = readYaml(file, text, this.#faults);
    if (own === undefined) return undefined;
    const chain = [...above, file];
    const extended = this.#references(own, 'extends', chain);
    const included = this.#references(own, 'include', chain);
    const entries = new Map(own.entries);
    entries.delete('extends');
    entries.delete('include');
    const rest: MapTree = { ...own, entries };
    const base = mergeAll(extended, 'extends');
    const top = mergeAll([...included, rest], 'include');
    return base === undefined || top === undefined ? top : mergeTrees(base, top, 'extends');
  }

  #references(own: MapTree, key: MergeKind, chain: readonly string[]): MapTree[] {
    const value = own.entries.get(key)?.value;
    if (value === undefined) return [];
    return textsOf(value, key, this.#faults).flatMap(({ path, span }) => {
      const tree = this.#open(resolvePath(chain.at(-1) ?? '', path), span, chain);
      return tree === undefined ? [] : [tree];
    });
  }

  #open(file: string, span: Span, chain: readonly string[]): MapTree | undefined {
    if (chain.includes(file)) {
      const loop = [...chain.slice(chain.indexOf(file)), file].join(' -> ');
      this.#faults.add('S021', span, `The file "${file}" leads back to itself: ${loop}`);
      return undefined;
    }
    this.#count += 1;
    if (this.#count > LIMITS.files) {
      if (this.#count === LIMITS.files + 1)
        this.#faults.add(
          'S023',
          span,
          `The scenario is made of too many files: expected at most ${LIMITS.files}`,
        );
      return undefined;
    }
    const text = this.#readFile(file);
    if (text.ok) return this.load(file, text.value, chain);
    this.#faults.add('S020', span, `Cannot read "${file}": ${text.error}`, {
      help: 'Paths are relative to the file that names them',
    });
    return undefined;
  }
}

const mergeAll = (trees: readonly MapTree[], how: MergeKind): MapTree | undefined =>
  trees.reduce<MapTree | undefined>(
    (below, tree) => (below === undefined ? tree : mergeTrees(below, tree, how)),
    undefined,
  );

function textsOf(
  value: Tree,
  key: MergeKind,
  faults: Faults,
): { readonly path: string; readonly span: Span }[] {
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => {
    if (isText(item)) return [{ path: item.value, span: item.span }];
    faults.add('S022', item.span, `Expected "${key}" to be a path or a list of paths`, {
      help: `Write ${key}: base.yaml`,
    });
    return [];
  });
}

const isText = (tree: Tree): tree is ScalarTree & { readonly value: string } =>
  tree.kind === 'scalar' && typeof tree.value === 'string' && tree.value !== '';
