// Fields of an HTTP/1 head that lies whole in some bytes (RFC 9112 sections 2 to 5), of requests and responses alike.
import { concatBytes, fromLatin1, latin1 } from '../../../../wire/bytes.ts';

const HEAD_START = /^(?:[A-Z]{1,24} \S+ HTTP\/1\.[01]|HTTP\/1\.[01] \d{3}[^\r\n]*)\r?\n/;

/** Sets a field, or removes it when `value` is null; the same array when there is no head or nothing changes. */
export function setHttpField(bytes: Uint8Array, name: string, value: string | null): Uint8Array {
  const text = latin1(bytes, 0, bytes.length);
  const first = HEAD_START.exec(text)?.[0];
  const end = /\r?\n\r?\n/.exec(text);
  if (first === undefined || end === null) return bytes;
  const headEnd = end.index + end[0].length;
  const newline = first.endsWith('\r\n') ? '\r\n' : '\n';
  const lines = text.slice(first.length, headEnd).split(/(?<=\n)/);
  const isField = (line: string): boolean =>
    line.slice(0, line.indexOf(':')).trim().toLowerCase() === name.toLowerCase();
  const place = lines.findIndex(isField);
  const kept = lines.filter((line) => !isField(line));
  if (value !== null) {
    // A field that was not there goes before the empty line that ends the head.
    const at = place >= 0 ? place : kept.length - 1;
    kept.splice(at, 0, `${name}: ${value}${newline}`);
  }
  const head = first + kept.join('');
  if (head === text.slice(0, headEnd)) return bytes;
  return concatBytes(fromLatin1(head), bytes.subarray(headEnd));
}
