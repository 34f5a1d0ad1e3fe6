// An ordinary user without any privilege: the one who runs the tests or, when that is root, `nobody`.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, IS_ROOT, type RunOptions } from './runner.ts';

const NOBODY = '65534';

/** Starts the product as the ordinary user, from a copy of what is built: root's checkout may be closed to others. */
export function asOrdinaryUser(folder: string): RunOptions & { readonly checkout: string } {
  const checkout = copyCheckout(join(folder, 'checkout'));
  if (!IS_ROOT) return { checkout };
  const through = ['setpriv', '--reuid', NOBODY, '--regid', NOBODY, '--clear-groups'];
  return { checkout, through, environment: { HOME: folder } };
}

/** Copies what `make build` leaves: the program, its native module and the one package that is not bundled. */
export function copyCheckout(to: string): string {
  mkdirSync(to);
  for (const part of ['bin', 'dist', 'build/netscenario.node', 'schemas', 'scenarios'])
    cpSync(join(CHECKOUT, part), join(to, part), { recursive: true });
  for (const part of ['package.json', 'node_modules/pcap'])
    cpSync(join(CHECKOUT, part), join(to, part), { recursive: true, dereference: true });
  return to;
}
