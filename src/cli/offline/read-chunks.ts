import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { readingFault } from '../read-bytes.ts';

/** Bytes read at once: more than the longest packet. */
const CHUNK = 1 << 20;
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

/** Two buffers in turn: what is left of one is still read when the other is filled. */
async function* chunksOf(handle: FileHandle, file: string): AsyncGenerator<Uint8Array> {
  let [buffer, other] = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)];
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      [buffer, other] = [other, buffer];
    }
  } catch (error) {
    throw readingFault(file, error);
  } finally {
    await handle.close();
  }
}
