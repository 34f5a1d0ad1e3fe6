import type { ActionDirection } from '../../../model/censor-action.ts';

/** Whether an action of `direction` has to do with the client's packets (forward) or the server's. */
export const coversDirection = (direction: ActionDirection, isForward: boolean): boolean =>
  direction === 'both' || (direction === 'forward') === isForward;
