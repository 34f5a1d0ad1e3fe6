import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Debian keeps servers where only root looks. */
const MORE_FOLDERS = ['/usr/local/sbin', '/usr/sbin'];

/** The file of a program that this machine has. */
export function findProgram(name: string): string | undefined {
  return [...(process.env['PATH'] ?? '').split(':'), ...MORE_FOLDERS]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
