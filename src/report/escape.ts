// Text from scenarios, programs and packets, made safe for where it is shown.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For HTML text and quoted attributes, and for XML once `xmlCharacters` has run. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/**
 * For XML 1.0 text and attributes. Control characters, which XML cannot hold even escaped or advises against (section
 * 2.2), become U+FFFD.
 */
export const escapeXml = (text: string): string =>
  escapeMarkup(text.replace(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')).replace(
    /[\t\n\r]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );

/** For a terminal, on one line: control characters, escape sequences and text direction marks become visible. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\n' || character === '\t'
      ? ' '
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** One argument as a POSIX shell reads it, for people who copy a command; runner itself never uses a shell. */
export const shellQuote = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

export const shellCommand = (argv: readonly string[]): string => argv.map(shellQuote).join(' ');
