const compiled = new Map<string, RegExp>();
/** Scripts have few expressions; a program that made more would only compile them again. */
const KEPT = 1024;

/** A regular expression that searches from its `lastIndex`, which whoever uses it sets first. */
export function compiledRegex(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known) return known;
  if (compiled.size >= KEPT) compiled.clear();
  const regex = new RegExp(source, `${flags.replace(/[gy]/g, '')}g`);
  compiled.set(key, regex);
  return regex;
}
