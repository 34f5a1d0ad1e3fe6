import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { readingFault } from '../read-bytes.ts';

/** Bytes read at once: more than the longest packet, and little enough to be still in the processor's cache when they are looked at. */
const CHUNK = 1 << 18;
const STDIN = '-';

export interface ChunkSource {
  /** Bytes in all; null when that is not known, as of a pipe. */
  readonly size: number | null;
  /** Each chunk stays as it is until the one after the next is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A file that a person named, or standard input, a piece at a time. Throws a usage fault when it cannot be read. */
export async function readChunks(file: string, stdin: Readable): Promise<ChunkSource> {
  if (file === STDIN) return { size: null, chunks: stdin };
  try {
    const handle = await open(file, 'r');
    const { size } = await handle.stat();
    return { size: size === 0 ? null : size, chunks: chunksOf(handle, file) };
  } catch (error) {
    throw readingFault(file, error);
  }
}

/** Three buffers in turn: while one is judged, what is left of the one before it is still read, and the next is being filled. */
async function* chunksOf(handle: FileHandle, file: string): AsyncGenerator<Uint8Array> {
  let [buffer, next, spare] = [newBuffer(), newBuffer(), newBuffer()];
  let reading = handle.read(buffer, 0, CHUNK);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      reading = handle.read(next, 0, CHUNK);
      // Heard of when it is awaited, if it is.
      reading.catch(() => null);
      yield buffer.subarray(0, bytesRead);
      [buffer, next, spare] = [next, spare, buffer];
    }
  } catch (error) {
    throw readingFault(file, error);
  } finally {
    await reading.catch(() => null);
    await handle.close();
  }
}

const newBuffer = (): Uint8Array => new Uint8Array(CHUNK);
