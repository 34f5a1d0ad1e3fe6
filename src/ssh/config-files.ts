// Reads the files of ssh_config(5) and who we are; what they say is config.ts's.
import { readdirSync, readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { Fault } from '../base/fault.ts';
import type { ConfigFile } from './config.ts';
import type { HopContext } from './hop.ts';
import { matchesPattern } from './patterns.ts';

export const SYSTEM_CONFIG = '/etc/ssh/ssh_config';

/** What a destination is resolved with on this machine; `folder` is what relative paths of the scenario are relative to. */
export function localContext(folder: string): HopContext {
  const { username } = userInfo();
  const home = process.env['HOME'] ?? homedir();
  const userConfig = join(home, '.ssh', 'config');
  return {
    folder,
    files: [userConfig, SYSTEM_CONFIG].flatMap(readConfig),
    readInclude: (pattern, from) => {
      // Those of a user's file are relative to ~/.ssh, those of the system's to /etc/ssh.
      const base = from.path.startsWith(`${dirname(SYSTEM_CONFIG)}/`) ? SYSTEM_CONFIG : userConfig;
      const path = pattern.replace(/^~(?=\/)/, home);
      return listMatches(isAbsolute(path) ? path : join(dirname(base), path)).flatMap(readConfig);
    },
    environment: { home, user: username, hostname: hostname(), variables: process.env },
  };
}

function readConfig(path: string): ConfigFile[] {
  try {
    return [{ path, text: readFileSync(path, 'utf8') }];
  } catch (cause) {
    if (
      cause instanceof Error &&
      'code' in cause &&
      /^(ENOENT|ENOTDIR|EISDIR)$/.test(String(cause.code))
    )
      return [];
    throw new Fault('machine', `Cannot read "${path}": ${String(cause)}`, { cause });
  }
}

/** glob(7) over a whole path, names beginning with a dot left out unless asked for. */
function listMatches(pattern: string): string[] {
  let found = ['/'];
  for (const part of pattern.split('/').filter((one) => one !== ''))
    found = found.flatMap((folder) =>
      /[*?]/.test(part)
        ? namesIn(folder, part).map((name) => join(folder, name))
        : [join(folder, part)],
    );
  return found;
}

function namesIn(folder: string, pattern: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.') || pattern.startsWith('.'))
      .filter((name) => matchesPattern(pattern, name))
      .sort();
  } catch {
    // Not a folder, or not ours to read: then nothing in it matches, as for the shell.
    return [];
  }
}
