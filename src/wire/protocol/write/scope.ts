// Numbers that were written as zero because what they say comes behind them: sizes, counts, and what a choice goes by.
import type { UintMember } from '../grammar.ts';
import type { PathStep } from '../path.ts';

export interface WrittenNumber {
  readonly member: UintMember;
  readonly at: number;
  /** Null: not said; the zero that stands there may be replaced. */
  value: number | bigint | null;
}

/** Of one struct: its fields that others may refer to. */
export class Scope {
  readonly around: Scope | null;
  readonly numbers: Map<string, WrittenNumber> = new Map<string, WrittenNumber>();
  readonly texts: Map<string, string> = new Map<string, string>();
  readonly inner: Map<string, Scope> = new Map<string, Scope>();

  constructor(around: Scope | null) {
    this.around = around;
  }

  /** The nearest number that these names lead to. */
  number(path: readonly PathStep[]): WrittenNumber | undefined {
    return within(this, path)?.numbers.get(lastName(path)) ?? this.around?.number(path);
  }

  text(path: readonly PathStep[]): string | undefined {
    return within(this, path)?.texts.get(lastName(path)) ?? this.around?.text(path);
  }
}

function within(scope: Scope, path: readonly PathStep[]): Scope | undefined {
  let at: Scope | undefined = scope;
  for (const step of path.slice(0, -1))
    at = step.kind === 'name' ? at?.inner.get(step.name) : undefined;
  return at;
}

const lastName = (path: readonly PathStep[]): string => {
  const last = path.at(-1);
  return last?.kind === 'name' ? last.name : '';
};
