// The rules of one hook point, by the type of messages that they are about.
import type { CompiledRule } from './compiled-rule.ts';

const NONE: readonly CompiledRule[] = [];

export class HookRules {
  readonly #rules: readonly CompiledRule[];
  #byType = new Map<string, readonly CompiledRule[]>();
  /** Those that are about any type. */
  #others: readonly CompiledRule[] = NONE;
  /** Whether no message needs to be looked at. */
  isIdle = true;

  constructor(rules: readonly CompiledRule[]) {
    this.#rules = rules;
    this.refresh();
  }

  /** In the order written. */
  about(type: string): readonly CompiledRule[] {
    return this.#byType.get(type) ?? this.#others;
  }

  /** After rules have been switched. */
  refresh(): void {
    const rules = this.#rules.filter(({ isEnabled }) => isEnabled);
    const types = new Set(rules.flatMap(({ rule }) => rule.match.types));
    this.#others = rules.filter(({ rule }) => rule.match.types.length === 0);
    this.#byType = new Map(
      [...types].map((type) => [
        type,
        rules.filter(
          ({ rule: { match } }) => match.types.length === 0 || match.types.includes(type),
        ),
      ]),
    );
    this.isIdle = rules.length === 0;
  }
}
