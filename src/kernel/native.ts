import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../base/fault.ts';

/** Loads build/netscenario.node from the checkout or package that this file belongs to; each kernel/ file types what it uses of it. */
export function loadNative(): unknown {
  return createRequire(import.meta.url)(findBuilt('netscenario.node'));
}

/** A file of build/ in the checkout or package that this file belongs to: what a C compiler made. */
export function findBuilt(name: string): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'build', name);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder)
      throw new Fault(
        'machine',
        `build/${name}, which a C compiler makes, was not found above "${start}"`,
        { help: 'Run "make build" in the checkout' },
      );
  }
}
