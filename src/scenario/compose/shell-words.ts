// Text as the words that a POSIX shell would make of it: quotes and escapes (XCU 2.2), no expansions and no operators.
import { type Result, fail, ok } from '../../base/result.ts';

/** What a backslash keeps its meaning before within double quotes (XCU 2.2.3). */
const ESCAPED_IN_QUOTES = new Set(['$', '`', '"', '\\']);

/** Splits at blanks that are neither quoted nor escaped; fails at a quote that is not closed. */
export function splitShellWords(text: string): Result<readonly string[], string> {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (/[ \t\r\n]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      const quoted = char === "'" ? singleQuoted(text, at) : doubleQuoted(text, at);
      if (quoted === undefined) return fail(`The quote ${char} is not closed`);
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      at += 1;
      if (at >= text.length) return fail('Nothing follows the backslash at the end');
      // A backslash before a line end joins the lines.
      if (text.charAt(at) !== '\n') word = (word ?? '') + text.charAt(at);
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return ok(words);
}

interface Quoted {
  readonly text: string;
  /** Where the closing quote is. */
  readonly end: number;
}

function singleQuoted(text: string, start: number): Quoted | undefined {
  const end = text.indexOf("'", start + 1);
  return end < 0 ? undefined : { text: text.slice(start + 1, end), end };
}

function doubleQuoted(text: string, start: number): Quoted | undefined {
  let found = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { text: found, end: at };
    const next = text.charAt(at + 1);
    if (char === '\\' && next === '\n') at += 1;
    else if (char === '\\' && ESCAPED_IN_QUOTES.has(next)) {
      found += next;
      at += 1;
    } else found += char;
  }
  return undefined;
}
