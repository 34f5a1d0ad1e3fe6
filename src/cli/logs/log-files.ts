// Which logs of a lab are in its folder on this machine.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { LabRecord } from '../../lab/list.ts';

export interface LogFile {
  /** Who wrote it: `middle.gate`, or the container's name. */
  readonly role: string;
  readonly path: string;
}

/** In the order in which they are printed. Throws a fault when they cannot be looked for. */
export function logFiles(
  { id, directory, nodes }: LabRecord,
  isWanted: (node: string) => boolean,
): LogFile[] {
  if (directory === '')
    throw new Fault('usage', `Lab ${id} has no logs yet: it is only just being made`, {
      help: 'Look again in a moment',
    });
  // What the containers of a lab that stays write after its run is apart from the evidence.
  const later = join(directory, 'lab', 'logs');
  const names = readLogNames(join(directory, 'logs'));
  if (existsSync(later)) names.push(...readLogNames(later));
  return names.flatMap((path) => {
    const role = basename(path, '.log');
    const owners = nodes.filter((node) => role === node || role.startsWith(`${node}.`));
    return (owners.length === 0 ? [role] : owners).some(isWanted) ? [{ role, path }] : [];
  });
}

function readLogNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort()
      .map((name) => join(folder, name));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `The logs of the lab cannot be read: ${reason}`, { cause });
  }
}
