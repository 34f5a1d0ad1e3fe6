import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { readingFault } from '../read-bytes.ts';

/** Bytes read at once: more than the longest packet, and little enough to be still in the processor's cache when they are looked at. */
const CHUNK = 1 << 18;
/** Room before each chunk for the beginning of a packet whose rest it is; longer ones are joined elsewhere. */
const HEADROOM = 1 << 16;
const STDIN = '-';

export interface ChunkSource {
  /** Bytes in all; null when that is not known, as of a pipe. */
  readonly size: number | null;
  /** Bytes before each chunk, in the same buffer, that are nobody's. */
  readonly headroom: number;
  /** Each chunk stays as it is until the one after the next is asked for. */
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** A file that a person named, or standard input, a piece at a time. Throws a usage fault when it cannot be read. */
export function readChunks(file: string, stdin: Readable): ChunkSource {
  if (file === STDIN) return { size: null, headroom: 0, chunks: stdin };
  try {
    const fd = openSync(file, 'r');
    const status = fstatSync(fd);
    if (status.isFile()) {
      const size = status.size === 0 ? null : status.size;
      return { size, headroom: HEADROOM, chunks: chunksOf(fd, file) };
    }
    // A pipe's writer may be slow, and Ctrl-C is heard meanwhile.
    const stream = createReadStream(file, { fd, highWaterMark: CHUNK });
    return { size: null, headroom: 0, chunks: withFaultOf(stream, file) };
  } catch (error) {
    throw readingFault(file, error);
  }
}

/**
 * Two buffers in turn: while one is judged, what is left of the one before it is still read. Read by this thread: bytes that another
 * one fetched would lie in another processor's cache, and the system reads ahead by itself.
 */
function* chunksOf(fd: number, file: string): Generator<Uint8Array> {
  let [buffer, next] = [newBuffer(), newBuffer()];
  try {
    for (;;) {
      const length = readSync(fd, buffer, HEADROOM, CHUNK, null);
      if (length === 0) return;
      yield buffer.subarray(HEADROOM, HEADROOM + length);
      [buffer, next] = [next, buffer];
    }
  } catch (error) {
    throw readingFault(file, error);
  } finally {
    closeSync(fd);
  }
}

async function* withFaultOf(stream: Readable, file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw readingFault(file, error);
  }
}

const newBuffer = (): Uint8Array => new Uint8Array(HEADROOM + CHUNK);
