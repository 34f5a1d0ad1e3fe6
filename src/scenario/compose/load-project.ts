// A compose file with everything it includes: sections of named definitions, variables filled in.
import type { Span } from '../../base/diagnostic.ts';
import type { Faults } from '../faults.ts';
import { LIMITS } from '../source/limits.ts';
import { asList } from '../source/merge-trees.ts';
import { type MapEntry, type MapTree, type Tree, childOf } from '../source/tree.ts';
import { withEnvironmentFiles } from './environment-files.ts';
import { interpolateTree } from './interpolate-tree.ts';
import { mergeMaps } from './merge-services.ts';
import type { ImportOptions } from './options.ts';
import { folderOf, pathIn } from './paths.ts';
import { readCompose } from './read-compose.ts';
import { type Variables, environmentVariables } from './variables.ts';

export const SECTIONS = ['services', 'networks', 'volumes', 'configs', 'secrets'] as const;
export type Section = (typeof SECTIONS)[number];

export interface Project {
  /** The main file's own keys. */
  readonly tree: MapTree;
  readonly sections: Readonly<Record<Section, ReadonlyMap<string, MapEntry>>>;
}

export interface ComposeSource {
  readonly file: string;
  readonly text: string;
  /** Files merged over it, in their order. */
  readonly over?: readonly { readonly file: string; readonly text: string }[];
}

export class ProjectLoader {
  /** The text of each file, by path. */
  readonly files: Map<string, string> = new Map<string, string>();
  /** By the place of a scalar: the variables in it that others had better not read. */
  readonly sensitive: Map<Span, readonly string[]> = new Map<Span, readonly string[]>();
  readonly #options: ImportOptions;
  readonly #faults: Faults;
  /** The folder that a file's relative paths start from, where it is not the file's own. */
  readonly #folders = new Map<string, string>();
  /** A file that is included by many is read as often: what is counted is the work. */
  #reads = 0;
  readonly #variablesOf = new Map<string, Variables>();

  constructor(options: ImportOptions, faults: Faults) {
    this.#options = options;
    this.#faults = faults;
  }

  /** `over` are files merged over the first in their order, whose paths start from its folder as well. */
  load({ file, text, over = [] }: ComposeSource): Project | undefined {
    const folder = folderOf(file);
    const outer = environmentVariables(this.#options.environment);
    const files = this.#options.envFiles.length > 0 ? this.#options.envFiles : undefined;
    const variables = this.#withEnvironmentFiles(outer, files, folder, undefined);
    const trees = [{ file, text }, ...over].map((one) =>
      this.#parse(one.file, one.text, folder, variables),
    );
    const tree = trees.reduce((base, next) => base && next && mergeMaps(base, next));
    if (tree === undefined) return undefined;
    return { tree, sections: this.#sectionsOf(tree, variables, [file]) };
  }

  /** Where a relative path that stands at `span` starts from. */
  folderAt = (span: Span): string => this.#folders.get(span.file) ?? folderOf(span.file);

  variablesAt = (span: Span): Variables =>
    this.#variablesOf.get(span.file) ?? environmentVariables(this.#options.environment);

  /** Another compose file, for a service that extends one of its services. */
  open(file: string, from: Span): MapTree | undefined {
    const text = this.readText(file, from);
    if (text === undefined) return undefined;
    return this.#parse(file, text, folderOf(file), this.variablesAt(from));
  }

  /** Reports a file that cannot be read. */
  readText(file: string, span: Span): string | undefined {
    this.#reads += 1;
    if (this.#reads > LIMITS.files) {
      this.#faults.add('C004', span, `Too many files: expected at most ${LIMITS.files}`);
      return undefined;
    }
    const read = this.#options.readFile(file);
    if (read.ok) return read.value;
    this.#faults.add('C004', span, `Cannot read "${file}": ${read.error.message}`, {
      help: 'Paths are relative to the file that names them',
    });
    return undefined;
  }

  /** The text of an environment file, which need not be there unless it is required. */
  readOptional(file: string, span: Span, isRequired: boolean): string | undefined {
    const read = this.#options.readFile(file);
    if (read.ok) {
      this.files.set(file, read.value);
      return read.value;
    }
    if (isRequired || !read.error.isAbsent)
      this.#faults.add('C004', span, `Cannot read "${file}": ${read.error.message}`, {
        help: 'Paths are relative to the file that names them',
      });
    return undefined;
  }

  #parse(file: string, text: string, folder: string, variables: Variables): MapTree | undefined {
    this.files.set(file, text);
    if (folder !== folderOf(file)) this.#folders.set(file, folder);
    this.#variablesOf.set(file, variables);
    const tree = readCompose(file, text, this.#faults);
    return tree && interpolateTree(tree, variables, this.sensitive, this.#faults);
  }

  #sectionsOf(tree: MapTree, variables: Variables, chain: readonly string[]): Project['sections'] {
    const included = this.#included(tree, variables, chain);
    const section = (name: Section): ReadonlyMap<string, MapEntry> => {
      const all = new Map<string, MapEntry>();
      for (const part of [...included.map((sections) => sections[name]), this.#own(tree, name)])
        for (const [key, entry] of part) this.#define(name, key, entry, all);
      return all;
    };
    return {
      services: section('services'),
      networks: section('networks'),
      volumes: section('volumes'),
      configs: section('configs'),
      secrets: section('secrets'),
    };
  }

  #define(section: Section, key: string, entry: MapEntry, all: Map<string, MapEntry>): void {
    const before = all.get(key);
    if (before !== undefined && section === 'services')
      this.#faults.add('C032', entry.keySpan, `The service "${key}" is defined in two files`, {
        severity: 'warning',
        related: [{ message: 'This one is written over', span: before.keySpan }],
        help: 'Name one of them otherwise',
      });
    all.set(key, entry);
  }

  #own(tree: MapTree, name: Section): ReadonlyMap<string, MapEntry> {
    const value = childOf(tree, name);
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return new Map();
    if (value.kind === 'map') return value.entries;
    this.#faults.add('C008', value.span, `Expected a map of names in "${name}"`);
    return new Map();
  }

  #included(tree: MapTree, outer: Variables, chain: readonly string[]): Project['sections'][] {
    const include = childOf(tree, 'include');
    if (include === undefined) return [];
    return asList(include).items.flatMap((item) => {
      const paths = textsOf(item.kind === 'map' ? childOf(item, 'path') : item);
      const [first] = paths;
      if (first === undefined) {
        this.#faults.add('C008', item.span, 'Expected a path, or a map with "path", in "include"');
        return [];
      }
      const here = this.folderAt(item.span);
      const main = pathIn(here, first.text);
      const [project] = textsOf(childOf(item, 'project_directory'));
      const folder = project === undefined ? folderOf(main) : pathIn(here, project.text);
      const envFiles = textsOf(childOf(item, 'env_file')).map(({ text }) => pathIn(here, text));
      const given = envFiles.length > 0 ? envFiles : undefined;
      const variables = this.#withEnvironmentFiles(outer, given, folder, item.span);
      const trees = paths.flatMap(({ text, span }) => {
        const part = this.#include(pathIn(here, text), span, folder, variables, chain);
        return part === undefined ? [] : [part];
      });
      const merged = trees.reduce<MapTree | undefined>(
        (base, over) => (base === undefined ? over : mergeMaps(base, over)),
        undefined,
      );
      return merged === undefined ? [] : [this.#sectionsOf(merged, variables, [...chain, main])];
    });
  }

  #include(
    file: string,
    span: Span,
    folder: string,
    variables: Variables,
    chain: readonly string[],
  ): MapTree | undefined {
    if (chain.includes(file)) {
      const loop = [...chain.slice(chain.indexOf(file)), file].join(' -> ');
      this.#faults.add('C002', span, `The file "${file}" includes itself: ${loop}`);
      return undefined;
    }
    if (chain.length >= LIMITS.files) return undefined;
    const text = this.readText(file, span);
    return text === undefined ? undefined : this.#parse(file, text, folder, variables);
  }

  #withEnvironmentFiles(
    outer: Variables,
    named: readonly string[] | undefined,
    folder: string,
    span: Span | undefined,
  ): Variables {
    const wish = { named, folder, span };
    return withEnvironmentFiles(outer, wish, this.#options.readFile, this.files, this.#faults);
  }
}

interface WrittenText {
  readonly text: string;
  readonly span: Span;
}

/** One text or a list of them. */
function textsOf(tree: Tree | undefined): readonly WrittenText[] {
  if (tree === undefined) return [];
  return asList(tree).items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' && item.value !== ''
      ? [{ text: item.value, span: item.span }]
      : [],
  );
}
