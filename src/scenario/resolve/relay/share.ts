import { ratio } from '../quantity.ts';

/** `50%` or `0.5`; all when nothing is written. */
export function shareOf(written: string | number | undefined): number {
  if (written === undefined) return 1;
  return typeof written === 'number' ? written : ratio(written);
}
