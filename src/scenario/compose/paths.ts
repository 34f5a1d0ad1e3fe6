// POSIX paths as text.
import { resolvePath } from '../source/resolve-path.ts';

/** `path` as seen from the folder `from`, both absolute: `./html`, `../data`, or `.` for the folder itself. */
export function pathFrom(from: string, path: string): string {
  const start = partsOf(from);
  const end = partsOf(path);
  let shared = 0;
  while (shared < start.length && shared < end.length && start[shared] === end[shared]) shared += 1;
  const up = start.slice(shared).map(() => '..');
  const down = end.slice(shared);
  if (up.length + down.length === 0) return '.';
  return [...(up.length === 0 ? ['.'] : up), ...down].join('/');
}

/** `path` seen from `folder`, worked out. */
export const pathIn = (folder: string, path: string): string =>
  resolvePath(folder === '' ? '' : `${folder}/`, path);

/** `a/b` of `a/b/c.yaml`; empty for a file of the current folder. */
export const folderOf = (file: string): string => {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '' : file.slice(0, slash) || '/';
};

const partsOf = (path: string): string[] => resolvePath('/', path).split('/').filter(Boolean);
