// Puts files on the other machine by SFTP (draft-ietf-secsh-filexfer-02, as OpenSSH speaks it). Many writes are under way at
// once, so that the distance costs little; what cannot be finished is taken away again.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import type { SFTPWrapper } from 'ssh2';
import { Fault } from '../base/fault.ts';
import { forEachBounded } from '../base/for-each-bounded.ts';
import { explainPush, isStatus, STATUS } from './explain-push.ts';
import { openSftp } from './sftp.ts';
import type { PushContext } from './sftp.ts';
import type { PushedFile } from './ssh.ts';

/** Files under way at once: each costs four round trips, whatever its size. */
const FILES_AT_ONCE = 16;
/** Writes under way at once in one file. With WRITE_BYTES it is about the 2 MiB that OpenSSH lets a channel have. */
const WRITES_AT_ONCE = 16;
/** Bytes of one write: OpenSSH takes 256 KiB less some header; the library cuts it smaller for other servers. */
const WRITE_BYTES = 254 * 1024;

/** See SshConnection.push(). */
export async function pushFiles(
  context: PushContext,
  folder: string,
  files: readonly PushedFile[],
): Promise<void> {
  const sftp = await openSftp(context);
  const started: string[] = [];
  const made: string[] = [];
  try {
    await makeFolders(sftp, folder, files, made);
    await forEachBounded(files, FILES_AT_ONCE, async (file) => {
      const to = posix.join(folder, file.to);
      started.push(to);
      await putFile(sftp, file, to);
    });
  } catch (error) {
    // Asked before anything is taken away: how full the disk is.
    const fault = error instanceof Fault ? error : await explainPush(context, folder, error);
    await takeAway(sftp, started, made);
    throw fault;
  } finally {
    sftp.end();
  }
}

/** Adds to `made` the folders that were not there before, the outermost first. */
async function makeFolders(
  sftp: SFTPWrapper,
  folder: string,
  files: readonly PushedFile[],
  made: string[],
): Promise<void> {
  await makeFolder(sftp, folder, made);
  const below = new Set<string>();
  for (const { to } of files)
    for (let part = posix.dirname(to); part !== '.' && part !== '/'; part = posix.dirname(part))
      below.add(posix.join(folder, part));
  // A folder's name is shorter than those of the folders in it.
  for (const path of [...below].sort((one, other) => one.length - other.length))
    await makeFolder(sftp, path, made);
}

/** mkdir -p. */
async function makeFolder(sftp: SFTPWrapper, path: string, made: string[]): Promise<void> {
  const failure = await attempt((done) => sftp.mkdir(path, done));
  if (failure === null) made.push(path);
  else if (isStatus(failure, STATUS.noSuchFile) && posix.dirname(path) !== path) {
    await makeFolder(sftp, posix.dirname(path), made);
    await makeFolder(sftp, path, made);
    // "Failure" is all that is said of a folder that is there already.
  } else if (!(await isFolder(sftp, path))) throw failure;
}

const isFolder = (sftp: SFTPWrapper, path: string): Promise<boolean> =>
  new Promise((resolve) =>
    sftp.stat(path, (error, stats) => resolve(error === undefined && stats.isDirectory())),
  );

async function putFile(sftp: SFTPWrapper, { from, mode }: PushedFile, to: string): Promise<void> {
  const source = await openSource(from);
  try {
    const target = await new Promise<Buffer>((resolve, reject) =>
      sftp.open(to, 'w', { mode }, (error, handle) => {
        if (error === undefined) resolve(handle);
        else reject(error);
      }),
    );
    try {
      await copy(sftp, source, target);
      // The mode of open() is less the other side's umask.
      await finish((done) => sftp.fchmod(target, mode, done));
    } finally {
      await finish((done) => sftp.close(target, done));
    }
  } finally {
    await source.close();
  }
}

async function openSource(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw new Fault('machine', `Cannot read "${path}", which is to be copied: ${String(cause)}`, {
      cause,
    });
  }
}

async function copy(sftp: SFTPWrapper, source: FileHandle, target: Buffer): Promise<void> {
  let position = 0;
  const chunks = async function* (): AsyncGenerator<readonly [Buffer, number]> {
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(WRITE_BYTES);
      const { bytesRead } = await source.read(chunk, 0, WRITE_BYTES, position);
      if (bytesRead === 0) return;
      yield [chunk.subarray(0, bytesRead), position];
      position += bytesRead;
    }
  };
  const pending = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const [chunk, at] of chunks()) {
    const write = finish((done) => sftp.write(target, chunk, 0, chunk.length, at, done))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => pending.delete(write));
    pending.add(write);
    if (pending.size >= WRITES_AT_ONCE) await Promise.race(pending);
    if (failures.length > 0) break;
  }
  await Promise.all(pending);
  if (failures.length > 0) throw failures[0];
}

/** Best effort: the connection may be what failed. */
async function takeAway(
  sftp: SFTPWrapper,
  files: readonly string[],
  folders: readonly string[],
): Promise<void> {
  await Promise.all(files.map((path) => attempt((done) => sftp.unlink(path, done))));
  for (const path of folders.toReversed()) await attempt((done) => sftp.rmdir(path, done));
}

type Done = (error?: Error | null) => void;

/** Does one request; gives its failure or null. */
const attempt = (request: (done: Done) => void): Promise<Error | null> =>
  new Promise((resolve) => {
    try {
      request((error) => resolve(error ?? null));
    } catch (error) {
      // On a connection that is gone, ssh2 throws in place of calling back.
      resolve(error instanceof Error ? error : new Error(String(error)));
    }
  });

async function finish(request: (done: Done) => void): Promise<void> {
  const failure = await attempt(request);
  if (failure !== null) throw failure;
}
