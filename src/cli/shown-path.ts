import { relative } from 'node:path';

/** A path as people like it: relative when it lies below the current folder, else absolute. */
export function shownPath(path: string): string {
  const short = relative('', path);
  return short === '' || short.startsWith('..') ? path : short;
}
