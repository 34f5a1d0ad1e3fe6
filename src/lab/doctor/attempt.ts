// Tries programs, bounded in time, in namespaces of their own where they change anything.
import { spawn } from 'node:child_process';
import { hasPrivileges } from '../machine/privileges.ts';
import { namespaceArgv } from '../machine/local.ts';
import { searchPath } from '../machine/search-path.ts';

const LIMIT_MS = 10_000;

export interface Attempt {
  readonly ok: boolean;
  /** What it said: standard error, else standard output, else how it ended. */
  readonly said: string;
}

/** Runs a program; one that is not there or does not end in time has failed. */
export function attempt(argv: readonly string[], input = ''): Promise<Attempt> {
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest, {
    env: { ...process.env, PATH: searchPath() },
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let errors = '';
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (errors += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ ok: false, said: error.message }));
    child.on('close', (code, signal) => {
      const ending = signal ?? `exit code ${code ?? -1}`;
      resolve({ ok: code === 0, said: errors.trim() || output.trim() || ending });
    });
  });
}

/** Runs a program as a lab would: in namespaces of its own, gone when it ends. */
export const attemptInLab = (argv: readonly string[], input = ''): Promise<Attempt> =>
  attempt(['unshare', ...namespaceArgv(hasPrivileges()), '--', ...argv], input);
