/** Where system tools are; ordinary users' PATH often leaves these out, though the tools work for them in a lab. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** PATH with the folders of system tools at its end. */
export function searchPath(): string {
  const folders = (process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(':');
  return [...folders, ...SYSTEM_FOLDERS.filter((folder) => !folders.includes(folder))].join(':');
}
