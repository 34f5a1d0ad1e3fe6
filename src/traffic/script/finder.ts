// Looks for something in a stream whose bytes come bit by bit, without looking at all of it again each time.
import type { Pattern } from '../../model/script.ts';
import { latin1 } from '../../wire/bytes.ts';
import { compiledRegex } from './regex.ts';

/** Bytes that a match of a regular expression may span for certain; a longer one is found when it comes in few pieces. */
export const MATCH_SPAN = 16_384;

export interface Found {
  /** Bytes of the stream up to and with the match. */
  readonly end: number;
  /** Named groups of a regular expression. */
  readonly groups: Readonly<Record<string, string | undefined>>;
}

export interface Finder {
  /** Bytes of the stream that it has been given. */
  readonly fed: number;
  /**
   * Takes the next characters (ISO 8859-1). With `mayGrow` a match that ends with the last of them does not count yet: what
   * is still to come might be part of it.
   */
  feed(text: string, mayGrow: boolean): Found | null;
}

/** For patterns that are looked for. `needle` are the bytes of `until`. */
export const regexFinder = ({ source, flags }: Extract<Pattern, { kind: 'regex' }>): Finder => {
  const regex = compiledRegex(source, flags);
  return createFinder(MATCH_SPAN, (text, from) => {
    regex.lastIndex = from;
    const match = regex.exec(text);
    return match && { end: match.index + match[0].length, groups: match.groups ?? {} };
  });
};

export const bytesFinder = (needle: Uint8Array): Finder => {
  const wanted = latin1(needle, 0, needle.length);
  const finder = createFinder(needle.length, (text, from) => {
    const at = text.indexOf(wanted, from);
    return at < 0 ? null : { end: at + wanted.length, groups: {} };
  });
  return {
    get fed() {
      return finder.fed;
    },
    feed: (text) => finder.feed(text, false),
  };
};

/** `span`: how far back a match that ends in new text may begin. */
function createFinder(span: number, search: (text: string, from: number) => Found | null): Finder {
  // The text kept begins one character before what is searched, so that anchors and \b see what stands before.
  let kept = '';
  let before = 0;
  return {
    get fed() {
      return before + kept.length;
    },
    feed: (text, mayGrow) => {
      kept += text;
      const found = search(kept, before === 0 ? 0 : 1);
      if (found && !(mayGrow && found.end === kept.length))
        return { end: before + found.end, groups: found.groups };
      const spare = kept.length - span - 1;
      if (spare > span) {
        kept = kept.slice(spare);
        before += spare;
      }
      return null;
    },
  };
}
