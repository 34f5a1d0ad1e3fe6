// The program of a scenario's `inventory: { command: … }`.
import { spawnSync } from 'node:child_process';
import { type Result, fail, ok } from '../base/result.ts';

const LIMIT_MS = 60_000;
const MOST_BYTES = 16 * 2 ** 20;
/** How much of what a failed program says is shown. */
const SHOWN_CHARACTERS = 2000;

/**
 * Runs a program without a shell in `folder` and gives what it prints. It reads nothing, has a minute, and may print 16 MiB.
 * The fault says how it ended and what it said.
 */
export function runInventory(
  argv: readonly string[],
  folder: string,
  { timeoutMs = LIMIT_MS }: { readonly timeoutMs?: number } = {},
): Result<string, string> {
  const [program = '', ...words] = argv;
  const ended = spawnSync(program, words, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_BYTES,
  });
  const { error, status, signal } = ended;
  if (error === undefined && status === 0) return ok(ended.stdout);
  // Of a program that never ran there is no stderr, whatever its type says.
  const said = ((ended.stderr as string | null) ?? '').trim().slice(-SHOWN_CHARACTERS);
  const how =
    error === undefined
      ? status === null
        ? `it was ended by ${signal ?? 'a signal'}`
        : `it ended with ${status}`
      : explain(error, program, timeoutMs);
  return fail(said === '' ? how : `${how}, and said: ${said}`);
}

function explain(error: Error, program: string, timeoutMs: number): string {
  const code = 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return `there is no program "${program}"`;
    case 'EACCES':
      return `"${program}" may not be run: it is no program, or not yours to run`;
    case 'ETIMEDOUT':
      return `it did not end within ${timeoutMs / 1000} s`;
    case 'ENOBUFS':
      return `it printed more than ${MOST_BYTES / 2 ** 20} MiB`;
    default:
      return error.message;
  }
}
