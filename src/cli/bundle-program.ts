// A program in TypeScript or JavaScript and what it imports, as one file of JavaScript: what is carried to where it runs.
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import type * as Esbuild from 'esbuild';
import { type Result, fail, ok } from '../base/result.ts';

/**
 * The same file gives the same text. Types are taken out, and not checked; what is not found or not understood is said with its place. Packages are taken
 * from the program's own node_modules.
 */
export function bundleProgram(file: string): Result<string, string> {
  // Only scenarios with such a program pay for it.
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof Esbuild;
  const path = resolve(file);
  try {
    const { outputFiles } = buildSync({
      entryPoints: [path],
      absWorkingDir: dirname(path),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      outfile: `${basename(path)}.mjs`,
      // A program's own settings would make its text depend on where it lies.
      tsconfigRaw: {},
      // Errors are shown where they are in the file that was written.
      sourcemap: 'inline',
      sourcesContent: false,
      legalComments: 'none',
      logLevel: 'silent',
    });
    return ok(outputFiles[0]?.text ?? '');
  } catch (error) {
    return fail(faultOf(error, basename(path)));
  }
}

/** The first of its faults, with its place; the file is named when it is not the program's own. */
function faultOf(error: unknown, own: string): string {
  const [first] = (error as Partial<Esbuild.BuildFailure>).errors ?? [];
  if (first === undefined) return error instanceof Error ? error.message : String(error);
  const { text, location } = first;
  if (location === null) return text;
  const { file, line, column } = location;
  return `${file === own ? '' : `${file}, `}line ${line}, column ${column + 1}: ${text}`;
}
