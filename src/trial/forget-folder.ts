import { lstat, rm, stat, unlink } from 'node:fs/promises';
import type { LabRecord } from '../lab/list.ts';
import { hasCode } from './error-code.ts';
import { isStandingName } from './results-name.ts';
import { basename } from 'node:path';

/**
 * What only a lab needed, found while it is up and removed once it is gone: the hidden link of a kept run, whose results
 * stay, or the hidden folder of `up`, which has none. Anything else is not ours to remove.
 */
export async function folderToForget(lab: LabRecord): Promise<() => Promise<void>> {
  const { directory, agentPid } = lab;
  try {
    const [folder, agent] = await Promise.all([lstat(directory), stat(`/proc/${agentPid}`)]);
    // The lab says itself where its folder is: as root, another user's word counts for that user's files alone.
    if (folder.uid !== agent.uid) return nothing;
    if (folder.isSymbolicLink()) return () => unlink(directory);
    if (folder.isDirectory() && isStandingName(basename(directory)))
      return () => rm(directory, { recursive: true, force: true });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return nothing;
}

const nothing = (): Promise<void> => Promise.resolve();
