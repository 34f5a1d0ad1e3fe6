// Puts files on the other machine by SFTP (draft-ietf-secsh-filexfer-02, as OpenSSH speaks it). Many writes are under way at
// once, so that the distance costs little; what cannot be finished is taken away again.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import type { SFTPWrapper } from 'ssh2';
import { Fault } from '../base/fault.ts';
import { forEachBounded } from '../base/for-each-bounded.ts';
import { invariant } from '../base/invariant.ts';
import { explainPush, isStatus, STATUS } from './explain-push.ts';
import { openSftp } from './sftp.ts';
import type { PushContext } from './sftp.ts';
import type { PushedFile } from './ssh.ts';
import { describeWhere } from './where.ts';

/** Files under way at once: each costs four round trips, whatever its size. */
const FILES_AT_ONCE = 16;
/** Writes under way at once in one file. With WRITE_BYTES it is about the 2 MiB that OpenSSH lets a channel have. */
const WRITES_AT_ONCE = 16;
/** Bytes of one write: OpenSSH takes 256 KiB less some header; the library cuts it smaller for other servers. */
const WRITE_BYTES = 254 * 1024;

/** Of folders that are made: what root will run must not be writable by others, whatever the umask there. */
const FOLDER_MODE = 0o700;
/** Milliseconds without a request having been answered after which it counts as stuck. */
const STALL_MS = 60_000;

export interface PushOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, in place of STALL_MS. */
  readonly stall?: number;
}

/** An SFTP session that somebody watches, and may end. */
interface Link {
  readonly sftp: SFTPWrapper;
  /** Something was answered. */
  readonly heard: () => void;
  /** What waits for an answer, and is told when there will be none. */
  readonly pending: Set<(failure: Error) => void>;
  /** Why there are no more answers. */
  ended: Error | null;
}

/** See SshConnection.push(). */
export async function pushFiles(
  context: PushContext,
  folder: string,
  files: readonly PushedFile[],
  { signal, stall = STALL_MS }: PushOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const sftp = await openSftp(context);
  let stop: (reason: unknown) => void = () => undefined;
  const stopped = new Promise<never>((_resolve, reject) => (stop = reject));
  const abort = (): void => stop(signal?.reason);
  const stuck = setTimeout(
    () =>
      stop(
        new Fault(
          'machine',
          `Cannot copy files to "${folder}" on ${describeWhere(context.where)}: nothing was written for ${stall / 1000} s`,
          { help: 'See whether its disk answers, and look at the network between the machines' },
        ),
      ),
    stall,
  );
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  const link: Link = { sftp, heard: () => void stuck.refresh(), pending: new Set(), ended: null };
  const work = putAll(context, link, folder, files);
  // Who no longer waits for it does not hear of its end.
  work.catch(() => undefined);
  try {
    await Promise.race([work, stopped]);
  } finally {
    clearTimeout(stuck);
    signal?.removeEventListener('abort', abort);
    link.ended = new Error('It was ended');
    for (const fail of link.pending) fail(link.ended);
    sftp.end();
  }
}

async function putAll(
  context: PushContext,
  link: Link,
  folder: string,
  files: readonly PushedFile[],
): Promise<void> {
  const started: string[] = [];
  const made: string[] = [];
  try {
    await makeFolders(link, folder, files, made);
    await forEachBounded(files, FILES_AT_ONCE, async (file) => {
      const to = posix.join(folder, file.to);
      started.push(to);
      await putFile(link, file, to);
    });
  } catch (error) {
    if (link.ended !== null) throw error;
    // Asked before anything is taken away: how full the disk is.
    const fault = error instanceof Fault ? error : await explainPush(context, folder, error);
    await takeAway(link, started, made);
    throw fault;
  }
}

/** Adds to `made` the folders that were not there before, the outermost first. */
async function makeFolders(
  link: Link,
  folder: string,
  files: readonly PushedFile[],
  made: string[],
): Promise<void> {
  await makeFolder(link, folder, made);
  const below = new Set<string>();
  for (const { to } of files)
    for (let part = posix.dirname(to); part !== '.' && part !== '/'; part = posix.dirname(part))
      below.add(posix.join(folder, part));
  // A folder's name is shorter than those of the folders in it.
  for (const path of [...below].sort((one, other) => one.length - other.length))
    await makeFolder(link, path, made);
}

/** mkdir -p. */
async function makeFolder(link: Link, path: string, made: string[]): Promise<void> {
  const failure = await attempt(link, ({ sftp }, done) =>
    sftp.mkdir(path, { mode: FOLDER_MODE }, done),
  );
  if (failure === null) made.push(path);
  else if (isStatus(failure, STATUS.noSuchFile) && posix.dirname(path) !== path) {
    await makeFolder(link, posix.dirname(path), made);
    await makeFolder(link, path, made);
    // "Failure" is all that is said of a folder that is there already.
  } else if (!(await isFolder(link, path))) throw failure;
}

async function isFolder(link: Link, path: string): Promise<boolean> {
  let isOne = false;
  await attempt(link, ({ sftp }, done) =>
    sftp.stat(path, (error, stats) => {
      isOne = error === undefined && stats.isDirectory();
      done();
    }),
  );
  return isOne;
}

async function putFile(link: Link, { from, mode }: PushedFile, to: string): Promise<void> {
  const source = await openSource(from);
  try {
    const opened: Buffer[] = [];
    await finish(link, ({ sftp }, done) =>
      sftp.open(to, 'w', { mode }, (error, handle) => {
        opened.push(handle);
        done(error);
      }),
    );
    const [target] = opened;
    invariant(target, 'A file that was opened has a handle');
    try {
      await copy(link, source, target);
      // The mode of open() is less the other side's umask.
      await finish(link, ({ sftp }, done) => sftp.fchmod(target, mode, done));
    } finally {
      await finish(link, ({ sftp }, done) => sftp.close(target, done));
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

async function copy(link: Link, source: FileHandle, target: Buffer): Promise<void> {
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
    const write = finish(link, ({ sftp }, done) =>
      sftp.write(target, chunk, 0, chunk.length, at, done),
    )
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
  link: Link,
  files: readonly string[],
  folders: readonly string[],
): Promise<void> {
  await Promise.all(
    files.map((path) => attempt(link, ({ sftp }, done) => sftp.unlink(path, done))),
  );
  for (const path of folders.toReversed())
    await attempt(link, ({ sftp }, done) => sftp.rmdir(path, done));
}

type Done = (error?: Error | null) => void;
type Request = (link: Link, done: Done) => void;

/** Does one request; gives its failure or null. */
const attempt = (link: Link, request: Request): Promise<Error | null> =>
  new Promise((resolve) => {
    const settle = (failure: Error | null): void => {
      link.pending.delete(settle);
      resolve(failure);
    };
    if (link.ended !== null) {
      resolve(link.ended);
      return;
    }
    link.pending.add(settle);
    try {
      request(link, (error) => {
        link.heard();
        settle(error ?? null);
      });
    } catch (error) {
      // On a connection that is gone, ssh2 throws in place of calling back.
      settle(error instanceof Error ? error : new Error(String(error)));
    }
  });

async function finish(link: Link, request: Request): Promise<void> {
  const failure = await attempt(link, request);
  if (failure !== null) throw failure;
}
