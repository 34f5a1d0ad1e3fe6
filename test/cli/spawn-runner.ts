import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The built command line, which `make test` makes first; from source where it is not built. */
export const RUNNER: readonly [string, ...string[]] = existsSync('dist/runner.js')
  ? [process.execPath, resolve('dist/runner.js')]
  : [
      process.execPath,
      '--import',
      import.meta.resolve('ts-blank-space/register'),
      resolve('src/main.ts'),
    ];

/** Runs it as a process of its own, and waits. */
export function runRunner(
  argv: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): SpawnSyncReturns<string> {
  const [program, ...rest] = RUNNER;
  return spawnSync(program, [...rest, ...argv], {
    encoding: 'utf8',
    timeout: 60_000,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  });
}
