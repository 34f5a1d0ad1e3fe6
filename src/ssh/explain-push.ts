// What a failure of SFTP means. The protocol has few words: a full disk and a read-only one are only "Failure".
import { text } from 'node:stream/consumers';
import { Fault } from '../base/fault.ts';
import { shellWords } from '../base/shell-words.ts';
import type { PushContext } from './sftp.ts';
import { describeWhere } from './where.ts';

/** SSH_FX_… of draft-ietf-secsh-filexfer-02 section 7. */
export const STATUS = { noSuchFile: 2, permissionDenied: 3, failure: 4 } as const;

export const isStatus = (error: unknown, status: number): boolean =>
  error instanceof Error && 'code' in error && error.code === status;

/** Milliseconds for each program that is asked. */
const ASK_MS = 5_000;
/** A file system with less left than this counts as full: the next write of a file would not fit. */
const FULL_KIB = 1024;

/** A machine fault for a failed copy into a folder; asks the other machine what is the matter with its disk. */
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
  const words = await askWhy(context, folder);
  const known = REASONS.find(({ pattern }) => pattern.test(words));
  if (known !== undefined)
    return new Fault(
      'machine',
      `${subject}: ${known.found}${disk === null ? '' : `, at "${disk.mount}"`}`,
      { help: known.help, cause },
    );
  const found = disk === null ? '' : ` (the file system at "${disk.mount}" is ${disk.used} full)`;
  return new Fault(
    'machine',
    `${subject}: ${words || 'its SFTP server says only "Failure"'}${found}`,
    {
      help: 'See whether there is a file where a folder should be',
      cause,
    },
  );
}

/** What strerror(3) of the C locale calls the reasons why nothing can be written. */
const REASONS = [
  {
    pattern: /read-only file system/i,
    found: 'the file system is mounted read-only',
    help: 'Mount it for writing, or set XDG_CACHE_HOME there to a folder on another one',
  },
  {
    pattern: /permission denied|operation not permitted/i,
    found: 'permission denied',
    help: 'Let that user write there, or set XDG_CACHE_HOME there to a folder of its own',
  },
  {
    pattern: /quota exceeded/i,
    found: "the user's disk quota is used up",
    help: 'Make room there, or set XDG_CACHE_HOME there to a folder on another disk',
  },
  {
    pattern: /no space left/i,
    found: 'no space left (or no inodes: see "df -i")',
    help: 'Make room there, or set XDG_CACHE_HOME there to a folder on another disk',
  },
] as const;

/** The folder or the nearest one around it, as $p of a script. */
const nearest = (folder: string): string =>
  `p=${shellWords([folder])}; while [ ! -e "$p" ]; do p=$(dirname -- "$p"); done`;

/** The last lines of df for the folder or the nearest one around it; empty where it cannot be had. */
const askDf = (context: PushContext, folder: string): Promise<string> =>
  ask(context, `${nearest(folder)}; LC_ALL=C df -Pk -- "$p"`);

/** What a program says that tries to write there what SFTP could not: some bytes in a new file. Empty when it can. */
const askWhy = async (context: PushContext, folder: string): Promise<string> => {
  const script = `${nearest(folder)}; LC_ALL=C; export LC_ALL; [ -d "$p" ] || { echo "$p: Not a directory"; exit; }; f=$p/.netscenario-write.$$; dd if=/dev/zero of="$f" bs=4096 count=1 2>&1 | grep "^dd:"; rm -f -- "$f" 2>/dev/null`;
  // "dd: failed to open '…': Read-only file system"
  return (await ask(context, script)).trim().split('\n')[0]?.replace(/^dd: /, '') ?? '';
};

async function ask({ exec, lost }: PushContext, script: string): Promise<string> {
  try {
    const channel = await exec(`sh -c ${shellWords([script])}`);
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
