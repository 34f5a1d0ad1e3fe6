import { type Result, fail, ok } from './result.ts';

/** The text of bytes in UTF-8, without a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): Result<string, string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return fail('it is no text in UTF-8');
  }
}
