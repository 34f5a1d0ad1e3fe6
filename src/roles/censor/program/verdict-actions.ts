// The actions behind the words that every program may say, and behind those that its scenario gives it.
import { AS_TRIGGER } from '../../../model/censor-defaults.ts';
import type { CensorAction } from '../../../model/censor-action.ts';
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

const RESET: CensorAction & { readonly kind: 'reset' } = {
  kind: 'reset',
  mode: 'inject',
  direction: 'both',
  sides: 'both',
  count: 1,
  flags: ['RST'],
  offsets: [0],
  ttl: AS_TRIGGER,
  window: AS_TRIGGER,
  ipId: AS_TRIGGER,
  payload: '',
  delay: 0,
  gap: 0,
  repeat: false,
  dropTrigger: true,
};
