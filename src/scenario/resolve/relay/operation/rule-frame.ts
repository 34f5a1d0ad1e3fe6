import type { HookPoint } from '../../../../model/relay.ts';

/** What of its rule an operation rests on. */
export interface RuleFrame {
  /** Undefined where that has been reported. */
  readonly at: HookPoint | undefined;
  readonly types: readonly string[];
  readonly isUnsafe: boolean;
}
