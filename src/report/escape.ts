// Text from scenarios, programs and packets, made safe for where it is shown.
import { printable as visible } from '../base/printable.ts';

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

/** For a terminal, on one line: line ends and tabs become spaces, other control characters visible. */
export const printable = (text: string): string => visible(text.replace(/[\n\t]/g, ' '));
