// Why a file of this machine cannot be written, as a fault.
import { Fault } from '../../../base/fault.ts';

const REASONS: Readonly<Record<string, { readonly found: string; readonly help: string }>> = {
  ENOSPC: {
    found: 'the disk is full',
    help: 'Free some space, or choose another disk with --out',
  },
  EDQUOT: {
    found: 'the disk quota is used up',
    help: 'Remove what is not needed, or choose another disk with --out',
  },
};

/** A fault stays as it is; an errno(3) of this machine's disk becomes a machine fault. */
export function writeFault(path: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  const reason = known?.found ?? (cause instanceof Error ? cause.message : String(cause));
  return new Fault('machine', `"${path}" cannot be written on this machine: ${reason}`, {
    help: known?.help,
    cause,
  });
}
