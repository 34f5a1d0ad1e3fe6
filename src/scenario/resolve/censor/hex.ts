import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { quoted } from '../../text.ts';

/** `"16 03 01"`, `0x1603` → hexadecimal digits, two a byte. Undefined, with a report of `code`, when it is something else. */
export function readHex(
  { scope, path }: { readonly scope: { readonly context: Context }; readonly path: Path },
  text: string,
  code: string,
): string | undefined {
  const digits = text.replace(/^0x/i, '').replace(/[\s:]+/g, '');
  if (/^([0-9a-f]{2})*$/i.test(digits)) return digits.toLowerCase();
  scope.context.report(code, path, `Expected pairs of hexadecimal digits, found ${quoted(text)}`, {
    help: /^[0-9a-f]*$/i.test(digits)
      ? 'A digit is missing: each byte has two'
      : 'Write "16 03 01", or { text: "GET " } for text',
  });
  return undefined;
}

/** The bytes of a text in UTF-8. */
export const hexOf = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
