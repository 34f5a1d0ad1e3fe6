import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';

export interface FileDigest {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Sizes and hashes of files below a folder, by relative path; what is not there is left out. */
export async function digestFiles(
  folder: string,
  files: readonly string[],
): Promise<Record<string, FileDigest>> {
  const digests: Record<string, FileDigest> = {};
  for (const file of files) {
    const digest = await digestFile(join(folder, file));
    if (digest) digests[file] = digest;
  }
  return digests;
}

/** Undefined where there is none. */
export async function digestFile(path: string): Promise<FileDigest | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const part = chunk as Buffer;
      bytes += part.length;
      hash.update(part);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}
