import { EXIT, Fault } from '../../base/fault.ts';
import { type Result, fail, ok } from '../../base/result.ts';
import { dirname, resolve } from 'node:path';
import { print, printLine } from '../terminal.ts';
import { readStream, readText } from '../read-text.ts';
import type { Input } from '../verb.ts';
import type { ReadFault } from '../../scenario/compose/options.ts';
import { writeFileSync } from 'node:fs';
import { importCompose } from '../../scenario/compose/import-compose.ts';
import { shellQuote } from '../../report/escape.ts';
import { tellDiagnostics } from '../compile-file.ts';

const STDIN = '-';

/** A compose file as a scenario, on standard output or into a file. */
export async function run(input: Input): Promise<number> {
  const [file = ''] = input.words;
  const out = input.text('out');
  const imported = importCompose(
    {
      file: file === STDIN ? 'compose.yaml' : file,
      text: file === STDIN ? await readStream(process.stdin) : readText(file),
    },
    {
      folder: process.cwd(),
      outFolder: out === undefined ? process.cwd() : dirname(resolve(out)),
      environment: process.env,
      envFiles: input.list('variables'),
      profiles: profilesOf(input),
      readFile,
    },
  );
  tellDiagnostics(imported);
  if (imported.text === undefined) return EXIT.badScenario;
  if (out === undefined) print(imported.text);
  else {
    write(out, imported.text, input.has('force'));
    printLine(`${out} is written; look at it: runner validate ${shellQuote(out)}`);
  }
  return EXIT.ok;
}

/** As Docker Compose has them: `COMPOSE_PROFILES` where the command line names none. */
function profilesOf(input: Input): readonly string[] {
  const given = input.list('profile');
  if (given.length > 0) return given;
  return (process.env['COMPOSE_PROFILES'] ?? '').split(',').filter((name) => name !== '');
}

function readFile(path: string): Result<string, ReadFault> {
  try {
    return ok(readText(path));
  } catch (error) {
    const cause = error instanceof Fault ? error.cause : undefined;
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return fail({ isAbsent, message: error instanceof Error ? error.message : String(error) });
  }
}

function write(out: string, text: string, force: boolean): void {
  try {
    writeFileSync(out, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST')
      throw new Fault('usage', `"${out}" is there already`, {
        help: 'Name another file, or write over it with --force',
        cause,
      });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `"${out}" cannot be written: ${reason}`, { cause });
  }
}
