// Big-endian numbers in memory. Callers have checked the bounds; a read past the end gives zero bytes, never a throw.

export const readU8 = (memory: Uint8Array, at: number): number => memory[at] ?? 0;

export const readU16 = (memory: Uint8Array, at: number): number =>
  ((memory[at] ?? 0) << 8) | (memory[at + 1] ?? 0);

export const readU24 = (memory: Uint8Array, at: number): number =>
  ((memory[at] ?? 0) << 16) | ((memory[at + 1] ?? 0) << 8) | (memory[at + 2] ?? 0);

/** Signed: cheaper than `readU32` where only equality or mixing matters. */
export const readI32 = (memory: Uint8Array, at: number): number =>
  ((memory[at] ?? 0) << 24) |
  ((memory[at + 1] ?? 0) << 16) |
  ((memory[at + 2] ?? 0) << 8) |
  (memory[at + 3] ?? 0);

export const readU32 = (memory: Uint8Array, at: number): number => readI32(memory, at) >>> 0;

export function writeU16(memory: Uint8Array, at: number, value: number): void {
  memory[at] = value >>> 8;
  memory[at + 1] = value;
}

export function writeU32(memory: Uint8Array, at: number, value: number): void {
  memory[at] = value >>> 24;
  memory[at + 1] = value >>> 16;
  memory[at + 2] = value >>> 8;
  memory[at + 3] = value;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** One character a byte (ISO 8859-1): loses nothing, and is ASCII where the bytes are. */
export function latin1(memory: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 1) text += String.fromCharCode(memory[at] ?? 0);
  return text;
}

/** The bytes of text whose characters are all below 256; others are cut to their low byte. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** The bytes of pairs of hexadecimal digits, which spaces may part; what is no pair is left out. */
export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.replace(/\s/g, '').match(/[\da-f]{2}/gi) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  );

/** Two hexadecimal digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte] ?? '';
  return text;
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);
