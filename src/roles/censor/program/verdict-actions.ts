// The actions behind the words that every program may say, and behind those that its scenario gives it.
import { AS_TRIGGER, DEFAULT_RESET } from '../../../model/censor-defaults.ts';
import type { CensorAction, ResetAction } from '../../../model/censor-action.ts';
import type { CensorProgram } from '../../../model/censor.ts';

/** Actions of a verdict; none for one that lets pass. */
export function actionsOf(
  program: CensorProgram,
  name: string,
  isWholeFlow: boolean,
): readonly CensorAction[] {
  switch (name) {
    case 'pass':
      return [];
    case 'drop':
      return [
        {
          kind: 'drop',
          direction: 'both',
          scope: isWholeFlow ? 'flow' : 'packet',
          after: null,
        },
      ];
    case 'reset':
      return [{ ...RESET, repeat: isWholeFlow }];
    default:
      return program.actions[name] ?? [];
  }
}

/** Its window and identification are those of its trigger, as its TTL is. */
const RESET: ResetAction = { ...DEFAULT_RESET, window: AS_TRIGGER, ipId: AS_TRIGGER };
