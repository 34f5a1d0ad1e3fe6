import type { NumberSource } from '../../../model/censor-action.ts';

/** The number that a source always gives; `otherwise` where it depends on the trigger. */
export const fixedNumber = (source: NumberSource, otherwise: number): number =>
  source.from === 'fixed' ? source.value : otherwise;
