import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '../../../base/fault.ts';

const execute = promisify(execFile);

/** Milliseconds for a program that takes some 20. */
const LIMIT = 20_000;

/**
 * Makes a home folder whose browser trusts the lab's authority besides those that it comes with: on Linux, Chromium looks into NSS's
 * database there for authorities of the person's own.
 */
export async function makeTrustingHome(
  certutil: string,
  home: string,
  authorityFile: string,
): Promise<void> {
  const database = join(home, '.pki', 'nssdb');
  const run = (...words: string[]): Promise<unknown> =>
    execute(certutil, ['-d', `sql:${database}`, ...words], { timeout: LIMIT });
  try {
    await mkdir(database, { recursive: true });
    await run('-N', '--empty-password');
    await run('-A', '-n', 'lab', '-t', 'C,,', '-i', authorityFile);
  } catch (cause) {
    throw new Fault('machine', `The browser cannot be told to trust the lab: ${String(cause)}`, {
      cause,
    });
  }
}
