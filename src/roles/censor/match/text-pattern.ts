import { GlobIndex } from './glob-index.ts';

/** A test for text: `*` stands for any run of characters, everything else for itself, upper and lower case apart. */
export function compileTexts(patterns: readonly string[]): (text: string) => boolean {
  const exact = new Set<string>();
  const globs = new GlobIndex();
  for (const pattern of patterns) {
    if (pattern.includes('*')) globs.add(pattern, 0);
    else exact.add(pattern);
  }
  return (text) => {
    if (exact.has(text)) return true;
    let isFound = false;
    globs.find(text, () => (isFound = true));
    return isFound;
  };
}
