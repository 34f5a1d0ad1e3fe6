// Folders of labs that a runner elsewhere has here: one a lab, in the user's cache, gone with the lab.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isLabId } from '../../model/lab-mark.ts';
import { isWithinSight, ownOrigin } from './origin.ts';

/** The mark of such a folder: whence its lab comes, since homes may be shared by machines that see no other's processes. */
const MARK = '.netscenario-lab';

/** The user's cache (XDG Base Directory Specification), as the bundle's own folder is found. */
export function labsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment['XDG_CACHE_HOME'] ?? '';
  return join(isAbsolute(cache) ? cache : join(homedir(), '.cache'), 'netscenario', 'labs');
}

/** Makes the folder of a new lab; only its user may look into it. */
export async function makeLabFolder(labId: string): Promise<string> {
  const folder = join(labsFolder(), labId);
  await mkdir(labsFolder(), { recursive: true, mode: 0o700 });
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, MARK), `${machineId()}\n${ownOrigin()}\n`);
  // As a results folder has them.
  await Promise.all(['captures', 'logs', 'lab'].map((name) => mkdir(join(folder, name))));
  return folder;
}

/** Removes a lab's folder if it is one of these; any other is somebody's results. */
export async function removeLabFolder(labId: string, folder: string): Promise<void> {
  if (isLabFolder(labId, folder)) await rm(folder, { recursive: true, force: true });
}

const isLabFolder = (labId: string, folder: string): boolean =>
  isLabId(labId) &&
  basename(folder) === labId &&
  basename(dirname(folder)) === 'labs' &&
  existsSync(join(folder, MARK));

/** A lab has its folder before it has processes, in milliseconds by which that is surely over. */
const YOUNG_MS = 60_000;

/** The labs of this user on this machine that have such a folder and are not just beginning, whether they run or not. */
export function listLabFolders(): string[] {
  try {
    return readdirSync(labsFolder()).filter((name) => isOldLabOfOurs(name));
  } catch {
    return [];
  }
}

function isOldLabOfOurs(name: string): boolean {
  const folder = join(labsFolder(), name);
  if (!isLabFolder(name, folder)) return false;
  const mark = join(folder, MARK);
  if (Date.now() - statSync(mark).mtimeMs < YOUNG_MS) return false;
  const [machine = '', origin = ''] = readFileSync(mark, 'utf8').split('\n');
  return machine === machineId() && isWithinSight(origin);
}

/** machine-id(5); machines without one are taken for each other, and told apart by their boot. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim();
  } catch {
    return '';
  }
}
