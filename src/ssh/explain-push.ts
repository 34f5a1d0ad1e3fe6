// What a failure of SFTP means. The protocol has few words: a full disk is only "Failure".
import { text } from 'node:stream/consumers';
import { Fault } from '../base/fault.ts';
import { shellWords } from '../base/shell-words.ts';
import type { PushContext } from './sftp.ts';
import { describeWhere } from './where.ts';

/** SSH_FX_… of draft-ietf-secsh-filexfer-02 section 7. */
export const STATUS = { noSuchFile: 2, permissionDenied: 3, failure: 4 } as const;

export const isStatus = (error: unknown, status: number): boolean =>
  error instanceof Error && 'code' in error && error.code === status;

/** Milliseconds for df. */
const ASK_MS = 5_000;
/** A file system with less left than this counts as full: the next write of a file would not fit. */
const FULL_KIB = 1024;

/** A machine fault for a failed copy into a folder; asks the other machine how full its disk is. */
export async function explainPush(
  context: PushContext,
  folder: string,
  cause: unknown,
): Promise<Fault> {
  const subject = `Cannot copy files to "${folder}" on ${describeWhere(context.where)}`;
  if (isStatus(cause, STATUS.permissionDenied))
    return new Fault('machine', `${subject}: permission denied`, {
      help: `Let user "${context.where.hop.user}" write there`,
      cause,
    });
  if (!isStatus(cause, STATUS.failure))
    return new Fault(
      'machine',
      `${subject}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  const disk = parseDf(await askDf(context, folder));
  if (disk !== null && disk.availableKib < FULL_KIB)
    return new Fault(
      'machine',
      `${subject}: no space left, the file system at "${disk.mount}" is ${disk.used} full (${disk.availableKib} KiB of ${disk.sizeKib} KiB are left)`,
      {
        help: `Make room at "${disk.mount}" there, or set XDG_CACHE_HOME to a folder on another disk`,
        cause,
      },
    );
  const found = disk === null ? '' : ` (the file system at "${disk.mount}" is ${disk.used} full)`;
  return new Fault('machine', `${subject}: its SFTP server says only "Failure"${found}`, {
    help: 'Look for a quota, or a file where a folder should be',
    cause,
  });
}

/** The last lines of df for the folder or the nearest one around it; empty where it cannot be had. */
async function askDf({ exec, lost }: PushContext, folder: string): Promise<string> {
  const [path] = [shellWords([folder])];
  // The folder may not be there: then what it would be made in is asked about.
  const command = `p=${path}; while [ ! -e "$p" ]; do p=$(dirname -- "$p"); done; LC_ALL=C df -Pk -- "$p"`;
  try {
    const channel = await exec(`sh -c ${shellWords([command])}`);
    channel.stdin.end();
    channel.stderr.resume();
    const timer = setTimeout(() => channel.close(), ASK_MS);
    const out = await Promise.race([text(channel.stdout), lost.then(() => '')]);
    clearTimeout(timer);
    return out;
  } catch {
    // The disk is told of where it can be; the failure itself is told anyway.
    return '';
  }
}

export interface DiskUse {
  readonly mount: string;
  readonly sizeKib: number;
  readonly availableKib: number;
  /** `100%`. */
  readonly used: string;
}

/** The answer of POSIX `df -Pk`: a heading and one line; null for anything else. */
export function parseDf(output: string): DiskUse | null {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  const groups =
    /^.+?\s+(?<size>\d+)\s+\d+\s+(?<available>-?\d+)\s+(?<used>\d+%)\s+(?<mount>\/.*)$/.exec(
      line,
    )?.groups;
  const { size, available, used, mount } = groups ?? {};
  if (size === undefined || available === undefined || used === undefined || mount === undefined)
    return null;
  return { mount, sizeKib: Number(size), availableKib: Math.max(Number(available), 0), used };
}
