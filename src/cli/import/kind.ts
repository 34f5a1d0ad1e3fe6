// What a file is that is to become a scenario, by its content.
import { isUtf8 } from 'node:buffer';
import { isCapture } from '../../wire/read-capture.ts';

export type ImportKind = 'capture' | 'packets' | 'compose';

export function kindOf(bytes: Buffer): ImportKind {
  // What is no text can only be meant as a capture, and whoever reads captures says what is wrong with it.
  if (isCapture(bytes) || !isUtf8(bytes) || bytes.includes(0)) return 'capture';
  const text = bytes.toString('utf8').trimStart();
  if (text.startsWith('[')) return 'packets';
  // Compose files may be JSON as well.
  return text.startsWith('{') && !/["']?services["']?\s*:/.test(text) ? 'packets' : 'compose';
}
