import type { Severity, Span } from '../base/diagnostic.ts';
import type { Result } from '../base/result.ts';
import { decodeUtf8 } from '../base/utf8.ts';
import type { ScenarioFile } from '../model/scenario-file.ts';
import type { FolderListing } from '../model/web.ts';
import type { Faults, Related } from './faults.ts';
import { type NodeKind, type WrittenNode, writtenNodes } from './nodes.ts';
import { pathFrom, resolvePath } from './source/resolve-path.ts';
import { type MapTree, type Path, keySpanAt, spanAt, treeAt } from './source/tree.ts';
import { didYouMean } from './suggest.ts';

export interface More {
  readonly help?: string | undefined;
  readonly related?: Related;
  readonly severity?: Severity;
  /** Shows the key at the path instead of its value. */
  readonly key?: boolean;
}

/** The descriptions of protocols that runner has, by name. */
export interface ProtocolLibrary {
  readonly names: readonly string[];
  readonly read: (name: string) => Result<string, string>;
}

/** Where the content of files comes from that a scenario names. */
interface Readers {
  readonly readBytes: (path: string) => Result<Uint8Array, string>;
  readonly listFolder: (path: string) => Result<FolderListing, string>;
  readonly readScript: (path: string, content: string) => Result<string, string>;
  readonly protocols: ProtocolLibrary;
  /** Texts in which faults are shown. */
  readonly files: Map<string, string>;
}

/** What resolving and the rules work with: the scenario as written and a way to speak about places in it. */
export class Context {
  readonly scenario: ScenarioFile;
  readonly seed: number;
  /** Parts with faults were taken out: what seems to be missing may have been there. */
  readonly partial: boolean;
  /** All names that the file writes, of parts that were taken out or switched off too. */
  readonly written: {
    readonly nodes: ReadonlyMap<string, NodeKind>;
    readonly networks: ReadonlySet<string>;
    readonly flows: ReadonlySet<string>;
    readonly machines: ReadonlySet<string>;
  };
  /** Nodes, flows, machines and tunnels whose `when` is false. */
  readonly off: {
    readonly nodes: ReadonlySet<string>;
    readonly flows: ReadonlySet<string>;
    readonly machines: ReadonlySet<string>;
    readonly tunnels: ReadonlySet<string>;
  };
  /** Hosts and containers that are there. */
  readonly nodes: ReadonlyMap<string, WrittenNode>;
  /** The main file, by the name it was given. */
  readonly file: string;
  readonly #readers: Readers;
  readonly #tree: MapTree;
  readonly #faults: Faults;

  constructor(
    parts: Pick<Context, 'scenario' | 'seed' | 'partial' | 'written' | 'off' | 'file'>,
    tree: MapTree,
    faults: Faults,
    readers: Readers,
  ) {
    this.scenario = parts.scenario;
    this.seed = parts.seed;
    this.partial = parts.partial;
    this.written = parts.written;
    this.off = parts.off;
    this.file = parts.file;
    this.nodes = writtenNodes(parts.scenario);
    this.#readers = readers;
    this.#tree = tree;
    this.#faults = faults;
  }

  get protocols(): ProtocolLibrary {
    return this.#readers.protocols;
  }

  report(code: string, path: Path, message: string, more: More = {}): void {
    const { key = false, ...rest } = more;
    this.reportAt(code, this.spanOf(path, key), message, rest);
  }

  /** A fault that is not within the scenario's tree: in an inventory. */
  reportAt(code: string, span: Span, message: string, more: Omit<More, 'key'> = {}): void {
    this.#faults.add(code, span, message, more);
  }

  /** A map or list is shown by its key, if it has one: its own text may be half the file. */
  spanOf(path: Path, key = false): Span {
    const tree = treeAt(this.#tree, path);
    return key || (tree !== undefined && tree.kind !== 'scalar')
      ? keySpanAt(this.#tree, path)
      : spanAt(this.#tree, path);
  }

  /** `host` or `container`, for messages. */
  kindOf(node: string): NodeKind {
    return this.nodes.get(node)?.kind ?? this.written.nodes.get(node) ?? 'host';
  }

  /** What the file writes at `path`, where `value` lies: a number keeps its digits (`1.10`, `0x10`). */
  textAt(path: Path, value: string | number | boolean): string {
    const tree = treeAt(this.#tree, path);
    return (tree?.kind === 'scalar' ? tree.source : undefined) ?? String(value);
  }

  /**
   * The file or folder that the text at `path` speaks of: as it is when it is absolute or in the home folder (`~/…`),
   * else relative to the main file's folder, wherever the file that writes it is.
   */
  filePath(text: string, path: Path): string {
    const span = this.spanOf(path);
    return this.filePathAt(text, span.file, span);
  }

  /** The same of a text in another `file`; `span` is where faults are shown. */
  filePathAt(text: string, file: string, span: Span): string {
    if (text === '~' || text.startsWith('~/')) return text;
    if (/^~[^/]+(\/|$)/.test(text))
      this.reportAt('S022', span, `Expected a file or folder, found "${text}" in somebody's home`, {
        help: `Write its absolute path, or "./${text}" for a file of that name`,
      });
    if (text.startsWith('/')) return resolvePath('', text);
    const resolved = resolvePath(file, text);
    return resolved.startsWith('~/') ? resolved : pathFrom(this.file, resolved);
  }

  /** The content of the file that the text at `path` names, beside the file that says so unless it is absolute. */
  readBytes(text: string, path: Path): Result<Uint8Array, string> {
    const { file } = this.spanOf(path);
    return this.#readers.readBytes(text.startsWith('~/') ? text : resolvePath(file, text));
  }

  /** What is in the folder that the text at `path` names, looked for as files are. */
  listFolder(text: string, path: Path): Result<FolderListing, string> {
    const { file } = this.spanOf(path);
    return this.#readers.listFolder(text.startsWith('~/') ? text : resolvePath(file, text));
  }

  /** The same as text in UTF-8; where there is none, that has been reported. */
  readText(text: string, path: Path): Result<string, string> {
    const content = this.readBytes(text, path);
    const decoded = content.ok ? decodeUtf8(content.value) : content;
    if (!decoded.ok)
      this.report('S020', path, `Cannot read "${text}": ${decoded.error}`, {
        help: 'It is looked for beside the file that names it',
      });
    return decoded;
  }

  /** The JavaScript of the program in the file that `path` names, with what it imports. */
  scriptOf(text: string, path: Path, content: string): Result<string, string> {
    const { file } = this.spanOf(path);
    return this.#readers.readScript(resolvePath(file, text), content);
  }

  /** Keeps the text of a file that faults are shown in. */
  keepText(file: string, text: string): void {
    this.#readers.files.set(file, text);
  }

  suggest(word: string, known: Iterable<string>): string | undefined {
    return this.#faults.isFlooded ? undefined : didYouMean(word, known);
  }
}
