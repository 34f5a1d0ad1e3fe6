// The ways an HTTP/1.1 body says where it ends (RFC 9112 sections 6 and 7).

export interface BodyReader {
  /** Takes the next bytes, hands the content among them to `keep`; gives the fault that makes the rest unreadable. */
  push(bytes: Uint8Array, keep: (content: Uint8Array) => void): string | undefined;
  /** The stream has ended. */
  end(): void;
  readonly complete: boolean;
}

export const emptyBody = (): BodyReader => countedBody(0);

/** A body of `length` bytes. */
export function countedBody(length: number): BodyReader {
  let missing = length;
  return {
    push: (bytes, keep) => {
      keep(bytes.subarray(0, missing));
      missing -= Math.min(missing, bytes.length);
      return undefined;
    },
    end: () => undefined,
    get complete() {
      return missing === 0;
    },
  };
}

/** A body that ends when the stream does. */
export function closedBody(): BodyReader {
  let complete = false;
  return {
    push: (bytes, keep) => {
      keep(bytes);
      return undefined;
    },
    end: () => {
      complete = true;
    },
    get complete() {
      return complete;
    },
  };
}

/** Where in a chunked body the next byte belongs. */
type Place = 'size' | 'content' | 'content-end' | 'trailer' | 'complete';

/** Longest line of a chunk's size with its extensions, or of a trailer field. */
const LINE_LIMIT = 8192;

/** A body in chunks, each with its size before it, the last of size 0 (RFC 9112 section 7.1). */
export function chunkedBody(): BodyReader {
  let place: Place = 'size';
  let missing = 0;
  let line = '';

  const endOfLine = (): string | undefined => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    line = '';
    if (place === 'trailer') {
      if (text === '') place = 'complete';
      return undefined;
    }
    if (place === 'content-end') {
      place = 'size';
      return text === '' ? undefined : 'A chunk is longer than its size says';
    }
    const size = /^([0-9a-f]{1,13})\s*(?:;|$)/i.exec(text)?.[1];
    if (size === undefined)
      return `A chunk size is malformed: ${JSON.stringify(text.slice(0, 32))}`;
    missing = Number.parseInt(size, 16);
    place = missing === 0 ? 'trailer' : 'content';
    return undefined;
  };
  return {
    push: (bytes, keep) => {
      let offset = 0;
      while (offset < bytes.length && place !== 'complete') {
        if (place === 'content') {
          const part = bytes.subarray(offset, offset + missing);
          keep(part);
          missing -= part.length;
          offset += part.length;
          if (missing === 0) place = 'content-end';
          continue;
        }
        const byte = bytes[offset] ?? 0;
        offset += 1;
        if (byte !== 0x0a) {
          line += String.fromCharCode(byte);
          if (line.length > LINE_LIMIT) return `A chunk line is longer than ${LINE_LIMIT} bytes`;
          continue;
        }
        const fault = endOfLine();
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
    end: () => undefined,
    get complete() {
      return place === 'complete';
    },
  };
}
