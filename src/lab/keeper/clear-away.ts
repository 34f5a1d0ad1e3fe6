// What is left of a lab here when nobody keeps it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { labsFolder, listLabFolders, removeLabFolder } from '../machine/lab-folder.ts';

/**
 * Ends what runs of a lab, removes its containers and its folder. Engines are asked only when the lab had containers, or
 * may have had.
 */
export async function clearAway(labId: string, isEnded: boolean): Promise<void> {
  const directory = join(labsFolder(), labId);
  if (!isEnded || existsSync(join(directory, 'lab', 'container'))) {
    const { destroyLab } = await import('../destroy.ts');
    const started = new Date().toISOString();
    await destroyLab({
      ...{ id: labId, state: 'left', scenario: '', started, directory },
      ...{ nodes: [], containers: {}, engine: '', machines: [] },
    });
  }
  await removeLabFolder(labId, directory);
}

/** Clears away labs that nothing runs of and nobody keeps: their keepers were killed. */
export async function sweepLabs(own: string): Promise<void> {
  const { listLiveLabs } = await import('../list.ts');
  const { isKept } = await import('./door.ts');
  const live = new Set(listLiveLabs().map(({ id }) => id));
  for (const id of listLabFolders())
    if (id !== own && !live.has(id) && !(await isKept(join(labsFolder(), id))))
      await clearAway(id, true).catch(() => undefined);
}
