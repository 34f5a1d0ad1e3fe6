import { EXIT, Fault } from '../../base/fault.ts';
import { type Result, fail, ok } from '../../base/result.ts';
import { basename, dirname, join, resolve } from 'node:path';
import { print, printLine } from '../terminal.ts';
import { readStream, readText } from '../read-text.ts';
import type { Input } from '../verb.ts';
import type { ReadFault } from '../../scenario/compose/options.ts';
import { compile } from '../../scenario/compile.ts';
import { existsSync, writeFileSync } from 'node:fs';
import { importCompose } from '../../scenario/compose/import-compose.ts';
import { shellWords } from '../../base/shell-words.ts';
import { tellDiagnostics } from '../compile-file.ts';

const STDIN = '-';

/** A compose file as a scenario, on standard output or into a file. */
export async function run(input: Input): Promise<number> {
  const [file = ''] = input.words;
  const out = input.text('write');
  const imported = importCompose(
    {
      file: file === STDIN ? 'compose.yaml' : file,
      text: file === STDIN ? await readStream(process.stdin) : readText(file),
      over: file === STDIN ? [] : overridesOf(file),
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
  const isSound = tellFaults(out ?? 'scenario.yaml', imported.text);
  if (out === undefined) print(imported.text);
  else {
    write(out, imported.text, input.has('force'));
    printLine(`${out} is written; look at it: runner validate ${shellWords([out])}`);
  }
  return isSound ? EXIT.ok : EXIT.badScenario;
}

/** What the compiler has against the scenario, which is there to be mended: whether it has nothing. */
function tellFaults(file: string, text: string): boolean {
  const { plan, diagnostics, files } = compile(
    { file, text },
    { readFile: () => fail('an imported scenario is one file') },
  );
  const faults = diagnostics.filter(({ severity }) => severity === 'error');
  tellDiagnostics({
    diagnostics: faults.map((fault) => ({ ...fault, severity: 'warning' })),
    files,
  });
  return plan !== undefined;
}

/** The names that Docker Compose looks for, with those of the files that it merges over them. */
const OVERRIDES: Readonly<Record<string, readonly string[]>> = {
  'compose.yaml': ['compose.override.yaml', 'compose.override.yml'],
  'compose.yml': ['compose.override.yml', 'compose.override.yaml'],
  'docker-compose.yml': ['docker-compose.override.yml', 'docker-compose.override.yaml'],
  'docker-compose.yaml': ['docker-compose.override.yaml', 'docker-compose.override.yml'],
};

/** What Docker Compose would merge over a file of such a name. */
function overridesOf(file: string): readonly { readonly file: string; readonly text: string }[] {
  const name = basename(file);
  const names = Object.hasOwn(OVERRIDES, name) ? (OVERRIDES[name] ?? []) : [];
  const found = names.map((other) => join(dirname(file), other)).find((path) => existsSync(path));
  return found === undefined ? [] : [{ file: found, text: readText(found) }];
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
