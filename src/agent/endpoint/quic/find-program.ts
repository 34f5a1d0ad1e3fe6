import { Fault } from '../../../base/fault.ts';
import { findProgram } from '../find-program.ts';

/** Programs of ngtcp2 and Debian's packages of them. */
export type QuicProgram = 'gtlsclient' | 'gtlsserver';
const PACKAGES: Readonly<Record<QuicProgram, string>> = {
  gtlsclient: 'ngtcp2-client',
  gtlsserver: 'ngtcp2-server',
};

/** The file of a program; a machine that has none cannot do this scenario. */
export function findQuicProgram(name: QuicProgram): string {
  const found = findProgram(name);
  if (found !== undefined) return found;
  const source = PACKAGES[name];
  throw new Fault('machine', `QUIC needs the program "${name}", which is not installed`, {
    help: `Run "sudo apt-get install ${source}"`,
  });
}
