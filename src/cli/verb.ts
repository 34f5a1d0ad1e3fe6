// What a verb is and what it is given.

export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly OptionSpec[];
  /** Whether what follows `--`, or the words without one, end in a command of its own. */
  readonly takesCommand?: true;
  readonly load: () => Promise<{ readonly run: (input: Input) => Promise<number> }>;
}

/** What a word stands for, so that the completion knows what to offer. */
export type WordKind = 'scenario' | 'file' | 'directory' | 'lab' | 'node' | 'shell' | 'other';

export interface Argument {
  /** As the help shows it: `FILE`. */
  readonly name: string;
  readonly kind: WordKind;
  readonly required: boolean;
  readonly many?: true;
  readonly choices?: readonly string[];
  readonly summary: string;
}

export interface OptionSpec {
  /** Without the dashes: `out`. Its environment variable is `RUNNER_OUT`. */
  readonly name: string;
  /** Its letter, without the dash. */
  readonly short?: string;
  /** The value's name in the help; absent for a switch. */
  readonly value?: string;
  readonly kind?: WordKind;
  /** All values that it takes. */
  readonly choices?: readonly string[];
  /** Whether it may be given again and again. */
  readonly many?: true;
  readonly summary: string;
}

/** The words and options of one call. */
export interface Input {
  readonly words: readonly string[];
  /** What follows `--`, for verbs that take a command. */
  readonly command: readonly string[];
  has(option: string): boolean;
  /** The last value given. */
  text(option: string): string | undefined;
  /** Where the option comes from, as a fault names it: `--set`, or `RUNNER_SET` when the environment gave it. */
  origin(option: string): string;
  /** All values given. */
  list(option: string): readonly string[];
}

/** Asked by the completion scripts; not in the help. */
export const COMPLETE_VERB = '__complete';
