import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../../base/fault.ts';

/** Programs of ngtcp2 and Debian's packages of them. */
export type QuicProgram = 'gtlsclient' | 'gtlsserver';
const PACKAGES: Readonly<Record<QuicProgram, string>> = {
  gtlsclient: 'ngtcp2-client',
  gtlsserver: 'ngtcp2-server',
};

/** Debian keeps servers where only root looks. */
const MORE_FOLDERS = ['/usr/local/sbin', '/usr/sbin'];

/** The file of a program; a machine that has none cannot do this scenario. */
export function findQuicProgram(name: QuicProgram): string {
  const folders = [...(process.env['PATH'] ?? '').split(':'), ...MORE_FOLDERS];
  const found = folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
  if (found !== undefined) return found;
  const source = PACKAGES[name];
  throw new Fault('machine', `QUIC needs the program "${name}", which is not installed`, {
    help: `Run "sudo apt-get install ${source}"`,
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
