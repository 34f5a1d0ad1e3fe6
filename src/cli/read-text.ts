import { readBytes, readStreamBytes } from './read-bytes.ts';

/** Reads a file that a person named, a pipe as well, as UTF-8. Throws a usage fault when it cannot. */
export const readText = (file: string): string => readBytes(file).toString('utf8');

/** Reads a stream to its end, UTF-8. Throws a usage fault when there is too much. */
export async function readStream(stream: AsyncIterable<Buffer>): Promise<string> {
  return (await readStreamBytes(stream)).toString('utf8');
}
