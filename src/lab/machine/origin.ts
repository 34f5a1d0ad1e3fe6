// Whence labs of this process come, and whether it can tell if others run.
import { readFileSync, readlinkSync } from 'node:fs';
import type { LabOrigin } from '../../model/lab-mark.ts';

/** `<boot id>/pid:[<inode>]` (random(4), pid_namespaces(7)); the kernel gives both to anybody. */
export const ownOrigin = (): LabOrigin =>
  `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${readlinkSync('/proc/self/ns/pid')}`;

/**
 * Whether a lab of that origin would show its processes here, or can have none any more since the machine was started
 * anew. A namespace's number is given to another only when it is gone, and the lab with it.
 */
export function isWithinSight(origin: LabOrigin, own: LabOrigin = ownOrigin()): boolean {
  if (origin === own) return true;
  const boot = bootOf(origin);
  return boot !== '' && boot !== bootOf(own);
}

const bootOf = (origin: LabOrigin): string => origin.split('/')[0] ?? '';
