// Files with one value a line, which conditions look into: read and checked once, however many conditions name them.
import type { CensorList } from '../../../model/censor.ts';
import type { Context } from '../../context.ts';
import { resolvePath } from '../../source/resolve-path.ts';
import type { Path } from '../../source/tree.ts';
import { counted, quoted } from '../../text.ts';

/** How the lines of a list are read. */
export interface LineKind {
  readonly name: 'names' | 'prefixes' | 'patterns';
  /** For messages: `host names such as "blocked.example"`. */
  readonly wish: string;
  /** The line as the plan holds it; undefined when it is none of this kind. */
  readonly read: (line: string) => string | undefined;
}

/** Bad lines of one file that are shown; the rest are counted. */
const SHOWN = 5;

export class ListFiles {
  readonly #context: Context;
  readonly #places = new Map<string, number | undefined>();
  readonly #lists: CensorList[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  get lists(): readonly CensorList[] {
    return this.#lists;
  }

  /** The place of a file's list; undefined, with a report, when it cannot be used. */
  place(file: string, kind: LineKind, path: Path): number | undefined {
    const name = resolvePath(this.#context.spanOf(path).file, file);
    const key = `${kind.name} ${name}`;
    if (this.#places.has(key)) return this.#places.get(key);
    const text = this.#read(file, name, kind, path);
    this.#places.set(key, text === undefined ? undefined : this.#lists.length);
    if (text !== undefined) this.#lists.push({ file, text });
    return this.#places.get(key);
  }

  #read(file: string, name: string, kind: LineKind, path: Path): string | undefined {
    const content = this.#context.readText(file, path);
    if (!content.ok) return undefined;
    const text = content.value;
    const { entries, faults } = readLines(text, kind);
    if (faults.length > 0) this.#reportLines(file, name, text, kind, faults, path);
    if (entries.size > 0) return [...entries].join('\n');
    if (faults.length === 0)
      this.#context.report('S086', path, `The list "${file}" is empty`, {
        help: `Write ${kind.wish} into it, one a line`,
      });
    return undefined;
  }

  #reportLines(
    file: string,
    name: string,
    text: string,
    kind: LineKind,
    faults: readonly LineFault[],
    path: Path,
  ): void {
    this.#context.keepText(name, text);
    for (const { line, column, found } of faults.slice(0, SHOWN))
      this.#context.reportAt(
        'S086',
        { file: name, line, column, length: found.length },
        `Expected ${kind.wish}, found ${quoted(found)}`,
        { related: [{ message: 'The list is named here', span: this.#context.spanOf(path) }] },
      );
    if (faults.length > SHOWN)
      this.#context.report(
        'S086',
        path,
        `The list "${file}" has ${counted(faults.length - SHOWN, 'further line')} that cannot be read`,
      );
  }
}

interface LineFault {
  readonly line: number;
  readonly column: number;
  readonly found: string;
}

/** Each entry once, in the order of the file. What follows `#` at the start of a line or after a space is a comment. */
function readLines(
  text: string,
  kind: LineKind,
): { readonly entries: ReadonlySet<string>; readonly faults: readonly LineFault[] } {
  const entries = new Set<string>();
  const faults: LineFault[] = [];
  let line = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const written = text.slice(start, end);
    start = end + 1;
    line += 1;
    const bare = written.includes('#') ? written.replace(/(^|\s)#.*$/, '') : written;
    const found = bare.trim();
    if (found === '') continue;
    const entry = kind.read(found);
    if (entry === undefined) faults.push({ line, column: bare.indexOf(found) + 1, found });
    else entries.add(entry);
  }
  return { entries, faults };
}
