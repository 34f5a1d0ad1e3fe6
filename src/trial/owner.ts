import { lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The person behind sudo, to whom the results belong; null when there is none. */
export function personBehindSudo(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  uid: number | undefined = process.getuid?.(),
): Owner | null {
  const user = environment['SUDO_UID'] ?? '';
  const group = environment['SUDO_GID'] ?? '';
  if (uid !== 0 || !/^\d+$/.test(user) || !/^\d+$/.test(group)) return null;
  return { uid: Number(user), gid: Number(group) };
}

/** Gives away a folder and all in it; links themselves, never what they point to. */
export async function giveTree(path: string, owner: Owner): Promise<void> {
  const entries = await readdir(path, { recursive: true });
  for (const entry of ['.', ...entries]) await lchown(join(path, entry), owner.uid, owner.gid);
}
