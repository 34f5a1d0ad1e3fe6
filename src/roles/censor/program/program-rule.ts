import { AT_ONCE } from '../../../model/censor-defaults.ts';
import type { CensorProgram, CensorRule } from '../../../model/censor.ts';

/** The program among the rules: it matches what the program is asked about, and does nothing of itself. */
export const programRule = ({ match }: CensorProgram): CensorRule => ({
  name: 'program',
  match,
  actions: [],
  probability: 1,
  first: null,
  engageAfter: AT_ONCE,
});
