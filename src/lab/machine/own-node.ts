// This program's own Node.js, as it is started for another part of it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside dist/ of a bundle on a machine that lacks libraries: these, and what makes Node.js forget where it found them. */
export const LIBRARIES = 'libraries';
export const FORGET = 'forget.cjs';

/**
 * The words before the script. Where libraries came with the bundle, the loader is told of them by LD_LIBRARY_PATH, which
 * it reads once (ld.so(8)); it is gone from the environment before anything else is started.
 */
export function ownNode(start: string = fileURLToPath(import.meta.url)): string[] {
  for (let folder = dirname(start); ; folder = dirname(folder)) {
    const libraries = join(folder, LIBRARIES);
    if (existsSync(join(libraries, FORGET)))
      return [
        ...['env', `LD_LIBRARY_PATH=${libraries}`],
        ...[process.execPath, '--require', join(libraries, FORGET)],
      ];
    if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder)
      return [process.execPath];
  }
}
