/** `path` as seen from the folder of `file`, with `.` and `..` worked out; an absolute path is itself. POSIX paths. */
export function resolvePath(file: string, path: string): string {
  if (path.startsWith('/')) return normalize(path);
  const slash = file.lastIndexOf('/');
  return normalize(slash < 0 ? path : `${file.slice(0, slash + 1)}${path}`);
}

function normalize(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (part !== '..' || !path.startsWith('/')) kept.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${kept.join('/')}`;
}
