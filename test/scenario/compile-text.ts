// What the compiler's tests share: compiling a text, with files that it may include.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok } from '../../src/base/result.ts';
import { listFolder } from '../../src/cli/list-folder.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type Compilation, type CompileOptions, compile } from '../../src/scenario/compile.ts';
import { renderDiagnostics } from '../../src/scenario/render-diagnostics.ts';

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** Runner's own descriptions of protocols. */
export const PROTOCOLS: NonNullable<CompileOptions['protocols']> = {
  names: readdirSync(join(ROOT, 'schemas/protocols')).map((name) => name.replace(/\.yaml$/, '')),
  read: (name) => ok(readFileSync(join(ROOT, `schemas/protocols/${name}.yaml`), 'utf8')),
};

/** Compiles `text` as `file`; `files` are the only others there are. */
export function compileText(
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: Partial<CompileOptions> = {},
  file = 'lab.yaml',
): Compilation {
  const readFile: CompileOptions['readFile'] = (path) => {
    const found = Object.hasOwn(files, path) ? files[path] : undefined;
    return found === undefined ? fail('No such file') : ok(found);
  };
  const readBytes: NonNullable<CompileOptions['readBytes']> = (path) => {
    const found = readFile(path);
    return found.ok ? ok(new TextEncoder().encode(found.value)) : found;
  };
  return compile({ file, text }, { readFile, readBytes, protocols: PROTOCOLS, ...options });
}

/** Compiles a file of the repository by its path from the root. */
export function compileRepositoryFile(
  path: string,
  options: Partial<CompileOptions> = {},
): Compilation {
  const readFile: CompileOptions['readFile'] = (name) => {
    try {
      return ok(readFileSync(join(ROOT, name), 'utf8'));
    } catch {
      return fail('No such file');
    }
  };
  const readBytes: NonNullable<CompileOptions['readBytes']> = (name) => {
    try {
      return ok(readFileSync(join(ROOT, name)));
    } catch {
      return fail('No such file');
    }
  };
  return compile(
    { file: path, text: readFileSync(join(ROOT, path), 'utf8') },
    {
      ...{ readFile, readBytes, protocols: PROTOCOLS },
      listFolder: (name) => listFolder(join(ROOT, name)),
      ...options,
    },
  );
}

/** The plan of a text without faults; a fault fails the test with what people would see. */
export function planOf(text: string, options: Partial<CompileOptions> = {}): Plan {
  return mustPlan(compileText(text, {}, options));
}

export function mustPlan({ plan, diagnostics, files }: Compilation): Plan {
  if (plan === undefined) throw new Error(renderDiagnostics(diagnostics, files, { color: false }));
  return plan;
}

/** `S060 5:30` for each diagnostic, in order. */
export const placesOf = ({ diagnostics }: Compilation): string[] =>
  diagnostics.map(({ code, span }) => `${code} ${span.line}:${span.column}`);

/** Paths from the root of the files in `folder` that end in `suffix`, sorted. */
export function repositoryFiles(folder: string, suffix: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => relative(ROOT, join(ROOT, folder, name)));
}
