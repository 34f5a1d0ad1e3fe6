import type { Diagnostic, Severity, Span } from '../base/diagnostic.ts';

export type Related = readonly { readonly message: string; readonly span: Span }[];

const LIMIT = 1000;

/** Where faults of one compilation gather. */
export class Faults {
  readonly #all: Diagnostic[] = [];

  get hasErrors(): boolean {
    return this.#all.some((item) => item.severity === 'error');
  }

  /** So many that suggestions no longer help anyone. */
  get isFlooded(): boolean {
    return this.#all.length >= 200;
  }

  /** Beyond the limit nothing is kept: the file is hopeless, and has been told so. */
  add(
    code: string,
    span: Span,
    message: string,
    more: { help?: string | undefined; related?: Related; severity?: Severity } = {},
  ): void {
    if (this.#all.length >= LIMIT) return;
    this.#all.push({
      code,
      severity: more.severity ?? 'error',
      message,
      span,
      ...(more.related === undefined ? {} : { related: more.related }),
      ...(more.help === undefined ? {} : { help: more.help }),
    });
  }

  /** By file (in the order first seen), line, column, code; the same fault at the same place once. */
  sorted(files: readonly string[]): readonly Diagnostic[] {
    const rank = new Map(files.map((file, index) => [file, index]));
    const order = (item: Diagnostic): number => rank.get(item.span.file) ?? files.length;
    const seen = new Set<string>();
    return this.#all
      .map((item, index) => ({ item, index }))
      .sort(
        (left, right) =>
          order(left.item) - order(right.item) ||
          left.item.span.line - right.item.span.line ||
          left.item.span.column - right.item.span.column ||
          (left.item.code < right.item.code ? -1 : left.item.code > right.item.code ? 1 : 0) ||
          left.index - right.index,
      )
      .map(({ item }) => item)
      .filter((item) => {
        const key = `${item.span.file}\n${item.span.line}:${item.span.column} ${item.code} ${item.message}`;
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      });
  }
}
