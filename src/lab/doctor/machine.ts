// Room on this machine: memory, disk, limits.
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Check } from './check.ts';

const MIB = 1024 ** 2;
/** The agent, its threads and rings for a handful of hosts. */
const MEMORY_BYTES = 300 * MIB;
/** Captures of a short run, with room to spare. */
const DISK_BYTES = 200 * MIB;
/** Hosts of the largest labs that are spoken for. */
const MANY_HOSTS = 1000;

export function checkMemory(): Check {
  const line = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1];
  const bytes = Number(line ?? 0) * 1024;
  const ok = bytes >= MEMORY_BYTES;
  return {
    name: 'memory',
    ok,
    needed: 'always',
    found: `${Math.round(bytes / MIB)} MiB available`,
    ...(!ok && { help: `End other programs: a lab needs ${MEMORY_BYTES / MIB} MiB` }),
  };
}

/** Where captures and logs go. */
export interface LabPlace {
  /** What it is called. */
  readonly name: string;
  readonly folder: string;
}

/** Whether there can be written below a folder, which need not be there yet. */
export function checkPlace({ name, folder }: LabPlace): Check[] {
  const place = nearest(resolve(folder));
  return [checkWritable(name, place), checkSpace(place)];
}

function checkWritable(name: string, place: string): Check {
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    return { name, ok: true, needed: 'always', found: `${place} can be written` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const help =
      code === 'EROFS'
        ? `"${place}" is read-only: choose another folder with --out`
        : `Run "sudo chown $USER ${place}", or choose another folder with --out`;
    return {
      name,
      ok: false,
      needed: 'always',
      found: `${place} cannot be written (${code})`,
      help,
    };
  }
}

function checkSpace(place: string): Check {
  const { bavail, bsize } = statfsSync(place);
  const bytes = bavail * bsize;
  const ok = bytes >= DISK_BYTES;
  return {
    name: 'disk space',
    ok,
    needed: 'always',
    found: `${Math.round(bytes / MIB)} MiB free at ${place}`,
    ...(!ok && { help: 'Free space there, or choose another folder with --out' }),
  };
}

const nearest = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));

/** Limits that many hosts run into: namespaces, and a file descriptor for each. */
export function checkLimits(): Check[] {
  const namespaces = Number(readFileSync('/proc/sys/user/max_net_namespaces', 'latin1'));
  const files = /^Max open files\s+\d+\s+(\d+|unlimited)/m.exec(
    readFileSync('/proc/self/limits', 'latin1'),
  )?.[1];
  const descriptors = files === 'unlimited' ? Infinity : Number(files ?? 0);
  const needed = `when a scenario has ${MANY_HOSTS} hosts` as const;
  return [
    checkLimit(
      'network namespaces',
      namespaces,
      2 * MANY_HOSTS,
      needed,
      'sudo sysctl -w user.max_net_namespaces=65536',
    ),
    checkLimit('open files', descriptors, 4 * MANY_HOSTS, needed, 'ulimit -Hn 65536'),
  ];
}

function checkLimit(
  name: string,
  found: number,
  wished: number,
  needed: Check['needed'],
  command: string,
): Check {
  const ok = found >= wished;
  return { name, ok, needed, found: `up to ${found}`, ...(!ok && { help: `Run "${command}"` }) };
}
