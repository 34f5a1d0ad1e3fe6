// What a censor program consists of, put where it is started.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../../base/fault.ts';
import type { CensorProgram } from '../../../model/censor.ts';
import { PROGRAM_HOST } from '../../../model/program-host.ts';

/** Writes the program's files into `folder`, each of which may be executed. */
export function writeProgramFiles(folder: string, { files }: CensorProgram): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    if (relative(folder, file).startsWith('..'))
      throw new Fault('usage', `The file "${name}" of a censor program lies outside its folder`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }
}

/** The arguments that start it in `folder`. */
export function programArguments(folder: string, { argv, files }: CensorProgram): string[] {
  const [program = '', ...rest] = argv;
  if (program === PROGRAM_HOST)
    return [process.execPath, '--enable-source-maps', hostScript(), ...rest];
  return [Object.hasOwn(files, program) ? join(folder, program) : program, ...rest];
}

/** Built: it runs without this program's sources. */
const hostScript = (): string =>
  fileURLToPath(
    import.meta.url.endsWith('.ts')
      ? new URL('../../../../dist/program-host.js', import.meta.url)
      : new URL('./program-host.js', import.meta.url),
  );
