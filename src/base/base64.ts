/** Bytes in base64 (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  // Arguments are put on the stack: some ten thousand at a time are safe, and a multiple of three needs no padding.
  const SLICE = 3 * 8192;
  let text = '';
  for (let start = 0; start < bytes.length; start += SLICE)
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + SLICE)));
  return text;
}

/** How many bytes a text in base64 stands for; undefined when it is none. White space does not count. */
export function base64Length(text: string): number | undefined {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  const padding = digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0;
  return (digits.length / 4) * 3 - padding;
}
