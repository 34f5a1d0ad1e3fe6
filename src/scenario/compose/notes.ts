// What an import changes and leaves out: a warning with its place for the terminal, a comment for the scenario.
import type { Span } from '../../base/diagnostic.ts';
import type { Faults } from '../faults.ts';

export class Notes {
  readonly faults: Faults;
  readonly #comments: string[] = [];
  readonly #leftOut: string[] = [];

  constructor(faults: Faults) {
    this.faults = faults;
  }

  /** Comment lines in the order of the notes, the keys left out last. */
  get lines(): readonly string[] {
    const leftOut = [...new Set(this.#leftOut)].join(', ');
    return [...new Set(this.#comments), ...(leftOut === '' ? [] : [`left out: ${leftOut}`])];
  }

  comment(text: string): void {
    this.#comments.push(text);
  }

  warn(
    code: string,
    span: Span,
    message: string,
    {
      comment,
      help,
    }: { readonly comment?: string | undefined; readonly help?: string | undefined } = {},
  ): void {
    if (comment !== undefined) this.#comments.push(comment);
    this.faults.add(code, span, message, { severity: 'warning', help });
  }

  error(code: string, span: Span, message: string, help?: string): void {
    this.faults.add(code, span, message, { help });
  }

  /** A key that has no counterpart in a scenario. */
  leaveOut(key: string, span: Span, help?: string): void {
    this.#leftOut.push(key);
    this.faults.add('C020', span, `A scenario cannot say "${key}": it is left out`, {
      severity: 'warning',
      help,
    });
  }
}
