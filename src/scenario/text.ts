// How values and lists of them look in messages.

/** A value as JSON, shortened. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 80 ? `${text.slice(0, 76)}..."` : text;
}

/** `"a", "b" or "c"`. */
export function listed(
  items: readonly unknown[],
  joint: 'and' | 'or' = 'or',
  quote = true,
): string {
  const words = items.map((item) => (quote ? quoted(item) : String(item)));
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1) ?? ''}`;
}

/** `1 member`, `3 members`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
