/** A place in a file: 1-based line and column, and the length of what is meant, in characters. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export type Severity = 'error' | 'warning';

/** A fault in a scenario or on the command line: data, collected, shown all at once. */
export interface Diagnostic {
  /** `S014`; each code has a page in docs/diagnostics/. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence, sentence case, no final period: the wish and what was found. */
  readonly message: string;
  readonly span: Span;
  /** Other places that explain the fault, such as the first definition of a duplicate. */
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
  /** What to do about it. */
  readonly help?: string;
}
