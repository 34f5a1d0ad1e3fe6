// What converting one service needs to know, and where it says what it changed.
import type { Span } from '../../../base/diagnostic.ts';
import { type MapTree, type Tree, childOf } from '../../source/tree.ts';
import type { ProjectLoader, Project } from '../load-project.ts';
import type { Notes } from '../notes.ts';
import { pathFrom, pathIn } from '../paths.ts';
import { type Reader, isNothing } from '../reader.ts';
import type { ImportOptions } from '../options.ts';

export class ServiceContext {
  readonly name: string;
  readonly service: MapTree;
  readonly reader: Reader;
  readonly notes: Notes;
  readonly loader: ProjectLoader;
  readonly project: Project;
  readonly #options: ImportOptions;

  constructor(
    parts: Pick<ServiceContext, 'name' | 'service' | 'reader' | 'notes' | 'loader' | 'project'>,
    options: ImportOptions,
  ) {
    this.name = parts.name;
    this.service = parts.service;
    this.reader = parts.reader;
    this.notes = parts.notes;
    this.loader = parts.loader;
    this.project = parts.project;
    this.#options = options;
  }

  /** What the service says under a key; undefined when it says nothing. */
  at(...path: readonly string[]): Tree | undefined {
    let tree: Tree | undefined = this.service;
    for (const key of path) tree = tree && childOf(tree, key);
    return isNothing(tree) ? undefined : tree;
  }

  text = (...path: readonly string[]): string | undefined =>
    this.reader.text(this.at(...path), path.join('.'));

  /** The place of a key, or of the service. */
  spanOf(key: string): Span {
    return this.service.entries.get(key)?.keySpan ?? this.service.span;
  }

  /** A path as it holds from the scenario's folder; `~` is home in both formats. */
  rebase(path: string, span: Span): string {
    if (path.startsWith('/') || /^~(\/|$)/.test(path)) return path;
    return this.fromScenario(pathIn(this.loader.folderAt(span), path));
  }

  /** A file of the machine, as seen from the scenario's folder. */
  fromScenario(file: string): string {
    return pathFrom(this.#options.outFolder, pathIn(this.#options.folder, file));
  }

  /** A file that stands in the compose file, as it is opened. */
  fileAt = (path: string, span: Span): string => pathIn(this.loader.folderAt(span), path);
}
