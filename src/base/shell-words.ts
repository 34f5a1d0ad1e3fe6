// Words and paths as a POSIX shell reads them, for command lines that people paste. Nothing of ours goes through a shell.

/** Words joined by spaces, each in quotes where it needs them. */
export const shellWords = (words: readonly string[]): string => words.map(quote).join(' ');

/** A path of a plan: relative ones begin with a dot, and `~/` stays for the shell to fill in. */
export function shellPath(path: string): string {
  if (path === '~') return path;
  if (path.startsWith('~/')) return path.length === 2 ? path : `~/${quote(path.slice(2))}`;
  return quote(/^(\/|\.\.?(\/|$))/.test(path) ? path : `./${path}`);
}

const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
