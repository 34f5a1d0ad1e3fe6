import { nearest } from '../base/nearest.ts';

/** `Did you mean "client"?`, or undefined when nothing known is near `word`. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const near = nearest(word, known);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}
