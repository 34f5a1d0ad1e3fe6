// The patterns of ssh_config(5), section PATTERNS, which known_hosts files use as well.

/** Whether `text` is what a pattern with `*` (any characters) and `?` (exactly one) describes. Case counts. */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^(?:${source})$`, 's').test(text);
}

/** Whether one of the patterns matches and none that begins with `!` does. */
export function matchesPatterns(patterns: readonly string[], text: string): boolean {
  const denied = patterns.some((one) => one.startsWith('!') && matchesPattern(one.slice(1), text));
  return !denied && patterns.some((one) => !one.startsWith('!') && matchesPattern(one, text));
}
