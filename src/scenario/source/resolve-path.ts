/** `path` as seen from the folder of `file`, with `.` and `..` worked out; an absolute path is itself. POSIX paths. */
export function resolvePath(file: string, path: string): string {
  if (path.startsWith('/')) return normalizePath(path);
  const slash = file.lastIndexOf('/');
  return normalizePath(slash < 0 ? path : `${file.slice(0, slash + 1)}${path}`);
}

/** The path that leads from the folder of `file` to `path`; an absolute `path` stays so where `file` is not. */
export function pathFrom(file: string, path: string): string {
  if (path.startsWith('/') && !file.startsWith('/')) return path;
  const folder = normalizePath(file).split('/').slice(0, -1);
  const parts = path === '' ? [] : path.split('/');
  let shared = 0;
  while (shared < folder.length && shared < parts.length && folder[shared] === parts[shared])
    shared += 1;
  const up = folder.slice(shared).map(() => '..');
  return [...up, ...parts.slice(shared)].join('/') || '.';
}

/** `.`, `..` and doubled slashes worked out; a relative path may still begin with `..`. */
export function normalizePath(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (part !== '..' || !path.startsWith('/')) kept.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${kept.join('/')}`;
}
