import { seededRandom } from '../base/random.ts';
import type { RelayFault } from './relay.ts';

/** Whether a fault holds for a session: of a share of them, those that the seed draws. */
export const holdsFor = (
  { name, probability }: Pick<RelayFault, 'name' | 'probability'>,
  session: number,
  seed: number,
): boolean =>
  probability >= 1 || seededRandom(seed, `fault ${name} ${session}`).next() < probability;
