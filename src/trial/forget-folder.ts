import { lstat, readlink, rm, stat, unlink } from 'node:fs/promises';
import { type LabRecord, isLive } from '../lab/list.ts';
import { hasCode } from './error-code.ts';
import { isStandingName, runOfPartial } from './results-name.ts';
import { basename, isAbsolute } from 'node:path';

/**
 * What only a lab needed, found while it is up and removed once it is gone: the hidden link of a kept run, whose results
 * stay, or the hidden folder of `up`, which has none. Anything else is not ours to remove.
 */
export async function folderToForget(lab: LabRecord): Promise<() => Promise<void>> {
  const { directory } = lab;
  try {
    // Where it says that its folder is, another mount namespace may have another.
    if (lab.state === 'elsewhere' || !isAbsolute(directory)) return nothing;
    const [folder, owner] = await Promise.all([lstat(directory), ownerOf(lab)]);
    // The lab says itself where its folder is: as root, another user's word counts for that user's files alone.
    if (folder.uid !== owner) return nothing;
    const name = basename(directory);
    if (folder.isSymbolicLink() && (await readlink(directory)) === runOfPartial(name))
      return () => unlink(directory);
    if (folder.isDirectory() && isStandingName(name))
      return () => rm(directory, { recursive: true, force: true });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return nothing;
}

/** Of a lab without processes the only word there is comes from the engine, and counts for our own files. */
const ownerOf = async (lab: LabRecord): Promise<number | undefined> =>
  isLive(lab) ? (await stat(`/proc/${lab.agentPid}`)).uid : process.getuid?.();

const nothing = (): Promise<void> => Promise.resolve();
