import { EXIT, Fault } from '../../base/fault.ts';
import { type Result, fail, ok } from '../../base/result.ts';
import { basename, dirname, join, resolve } from 'node:path';
import { readText } from '../read-text.ts';
import type { Input } from '../verb.ts';
import type { ReadFault } from '../../scenario/compose/options.ts';
import { existsSync } from 'node:fs';
import { importCompose } from '../../scenario/compose/import-compose.ts';
import { tellDiagnostics } from '../compile-file.ts';
import { writeScenario } from './write-scenario.ts';

const STDIN = '-';

/** `text` is what the file, or standard input, holds. */
export function importComposeFile(input: Input, file: string, text: string): number {
  const out = input.text('write');
  const isStdin = file === STDIN;
  const imported = importCompose(
    { file: isStdin ? 'compose.yaml' : file, text, over: isStdin ? [] : overridesOf(file) },
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
  return writeScenario(input, imported.text);
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
