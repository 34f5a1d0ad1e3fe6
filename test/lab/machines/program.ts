// One program, from its start to its end.
import { spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly cwd?: string;
  /** In place of the environment of the tests; undefined takes a variable away. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** Milliseconds until it is killed. */
  readonly timeout?: number;
}

export interface ProgramEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code. */
export function runProgram(
  [command = '', ...args]: readonly string[],
  { cwd, environment = process.env, stdin = '', timeout = 60_000 }: ProgramOptions = {},
): Promise<ProgramEnd> {
  const child = spawn(command, args, { cwd, env: environment, timeout, killSignal: 'SIGKILL' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // It may end without having read all.
  child.stdin.on('error', () => undefined).end(stdin);
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      settle({ code, stdout, stderr });
    });
  });
}

/** Runs a program that is meant to succeed, and gives what it printed; throws with what it said otherwise. */
export async function outputOf(argv: readonly string[], options?: ProgramOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram(argv, options);
  if (code === 0) return stdout;
  throw new Error(`Expected "${argv.join(' ')}" to succeed, found ${String(code)}: ${stderr}`);
}
