// The results folder of one run. It is written under a hidden name, its files are synced to disk, and it is renamed last:
// a folder without the hidden name is whole, and its run.json says how the run ended.
import {
  type FileHandle,
  lchown,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { type Owner, giveTree, personBehindSudo } from './owner.ts';
import { createHash, randomUUID } from 'node:crypto';
import { dirname, join, relative, resolve } from 'node:path';
import { hasCode } from './error-code.ts';
import { inside, partialName, runFolder, scenarioFolder, standingName } from './results-name.ts';
import { Fault } from '../base/fault.ts';
import type { RunManifest } from '../model/run.ts';
import { resultsFault } from './results-fault.ts';

export interface ResultsFolder {
  /** Where it is while the run lasts; absolute. */
  readonly path: string;
  /** Where it will be once sealed; absolute. */
  readonly finalPath: string;
  /** Makes a folder in it. */
  makeFolder(name: string): Promise<void>;
  /** Writes a file in it and syncs it to disk. Throws a machine fault when the disk refuses. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /**
   * Syncs and hashes every file, writes run.json, renames the folder and points `latest` to it. `isUsed`: a lab that stays
   * knows the folder by its hidden name, which then becomes a link.
   */
  seal(manifest: Omit<RunManifest, 'files'>, isUsed?: boolean): Promise<void>;
  /** Removes a file or folder in it. */
  remove(name: string): Promise<void>;
  /** Removes it: for a run that left no evidence. */
  discard(): Promise<void>;
  readonly discarded: boolean;
}

export interface ResultsFolderOptions {
  /** The folder of all results, such as `results`. */
  readonly out: string;
  readonly scenario: string;
  readonly planHash: string;
  readonly started: Date;
  /** For a lab that stands without a run: the folder goes with the lab, and is never sealed. */
  readonly isStanding?: boolean;
}

export async function createResultsFolder(options: ResultsFolderOptions): Promise<ResultsFolder> {
  const parent = join(resolve(options.out), scenarioFolder(options.scenario));
  const owner = personBehindSudo();
  try {
    await makeFolders(parent, owner);
    await refuseForeignLatest(parent);
    return folderAt(parent, await reserveName(parent, options), owner);
  } catch (error) {
    throw resultsFault(error, parent);
  }
}

function folderAt(parent: string, { run, hidden }: Reserved, owner: Owner | null): ResultsFolder {
  const path = join(parent, hidden);
  const finalPath = join(parent, run);
  let discarded = false;
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      throw resultsFault(error, path);
    }
  };
  return {
    path,
    finalPath,
    makeFolder: (name) =>
      guarded(async () => {
        await mkdir(inside(path, name), { recursive: true });
      }),
    remove: (name) => guarded(() => rm(inside(path, name), { recursive: true, force: true })),
    write: (name, content) => guarded(() => writeSynced(inside(path, name), content)),
    seal: (manifest, isUsed = false) =>
      guarded(async () => {
        const files = await sealFiles(path);
        const whole: RunManifest = { ...manifest, files };
        await writeSynced(join(path, 'run.json'), `${JSON.stringify(whole, undefined, 2)}\n`);
        if (owner) await giveTree(path, owner);
        await syncFolders(path);
        await rename(path, finalPath);
        if (isUsed) await linkTo(run, path, owner);
        await pointLatest(parent, run, owner);
        await syncPath(parent);
      }),
    discard: () =>
      guarded(async () => {
        await rm(path, { recursive: true, force: true });
        discarded = true;
      }),
    get discarded() {
      return discarded;
    },
  };
}

interface Reserved {
  readonly run: string;
  /** Its name until it is sealed. */
  readonly hidden: string;
}

/** Takes a name that no other run has, even one started in the same second. */
async function reserveName(parent: string, options: ResultsFolderOptions): Promise<Reserved> {
  const hiddenName = options.isStanding === true ? standingName : partialName;
  const first = runFolder(options.started, options.planHash);
  for (let count = 1; ; count += 1) {
    const run = count === 1 ? first : `${first}-${count}`;
    const hidden = hiddenName(run);
    try {
      await mkdir(join(parent, hidden));
    } catch (error) {
      if (hasCode(error, 'EEXIST')) continue;
      throw error;
    }
    // Only who holds the hidden name may make the final one, so from here on the answer cannot change.
    if (!(await exists(join(parent, run)))) return { run, hidden };
    await rm(join(parent, hidden), { recursive: true });
  }
}

async function refuseForeignLatest(parent: string): Promise<void> {
  const path = join(parent, 'latest');
  const stats = await lstat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  });
  if (stats && !stats.isSymbolicLink())
    throw new Fault('machine', `"${path}" is in the way: expected a symbolic link or nothing`, {
      help: `Move it away: mv "${path}" "${path}.old"`,
    });
}

/** Replaces the link in one step, so that it always points to a whole folder. */
async function pointLatest(parent: string, run: string, owner: Owner | null): Promise<void> {
  const temporary = join(parent, `.latest-${randomUUID()}`);
  await linkTo(run, temporary, owner);
  await rename(temporary, join(parent, 'latest'));
}

async function linkTo(target: string, path: string, owner: Owner | null): Promise<void> {
  await symlink(target, path);
  if (owner) await lchown(path, owner.uid, owner.gid);
}

/** Of a lab that stays: its hosts files, and the logs of what goes on. It is no evidence, and changes. */
const LAB_FOLDER = 'lab';

/** Syncs every file below `folder` that is evidence and gives its sha256 by relative path. */
async function sealFiles(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(folder, path).startsWith(`${LAB_FOLDER}/`))
    .sort();
  const hashes = await Promise.all(paths.map(syncAndHash));
  return Object.fromEntries(
    paths.map((path, index) => [relative(folder, path), hashes[index] ?? '']),
  );
}

async function syncAndHash(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
    return await hashOf(handle);
  } finally {
    await handle.close();
  }
}

async function hashOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ autoClose: false }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  for (const entry of folders) await syncPath(join(entry.parentPath, entry.name));
  await syncPath(folder);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes a folder and those above it that are missing. Node's own recursive mkdir goes round for ever where the system
 * says ENOENT below a folder that is there, as /proc does (Node.js 20).
 */
async function makeFolders(path: string, owner: Owner | null): Promise<void> {
  if (await exists(path)) return;
  await makeFolders(dirname(path), owner);
  try {
    await mkdir(path);
  } catch (error) {
    // Another run was faster.
    if (hasCode(error, 'EEXIST')) return;
    throw error;
  }
  if (owner) await lchown(path, owner.uid, owner.gid);
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
