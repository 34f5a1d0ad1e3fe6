/** Bytes in base64 (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  // Arguments are put on the stack: some ten thousand at a time are safe, and a multiple of three needs no padding.
  const SLICE = 3 * 8192;
  let text = '';
  for (let start = 0; start < bytes.length; start += SLICE)
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + SLICE)));
  return text;
}

/** The bytes that a text in base64 stands for; undefined when it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (base64Length(text) === undefined) return undefined;
  const latin1 = atob(text);
  const bytes = new Uint8Array(latin1.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = latin1.charCodeAt(at);
  return bytes;
}

/** How many bytes a text in base64 stands for; undefined when it is none. White space does not count. */
export function base64Length(text: string): number | undefined {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  const padding = digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0;
  return (digits.length / 4) * 3 - padding;
}
