// The file of `--junit`: looked at before the run, written after it.
import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { Fault } from '../base/fault.ts';
import { dirname } from 'node:path';

/** Throws a machine fault when the file could not be written. Makes and changes nothing. */
export function checkJunitFile(file: string): void {
  const folder = dirname(file);
  try {
    if (!existsSync(file)) {
      if (!statSync(folder).isDirectory()) throw new Error(`"${folder}" is no folder`);
      accessSync(folder, constants.W_OK | constants.X_OK);
    } else if (statSync(file).isDirectory()) throw new Error('it is a folder');
    else accessSync(file, constants.W_OK);
  } catch (cause) {
    throw junitFault(file, cause, `Name another file with "--junit FILE", or make "${folder}"`);
  }
}

export function writeJunitFile(file: string, xml: string): void {
  try {
    writeFileSync(file, xml);
  } catch (cause) {
    const help =
      'The results folder is written all the same; name another file with "--junit FILE"';
    throw junitFault(file, cause, help);
  }
}

function junitFault(file: string, cause: unknown, help: string): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Fault('machine', `The JUnit file "${file}" cannot be written: ${reason}`, {
    help,
    cause,
  });
}
