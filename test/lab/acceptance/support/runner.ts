// Starts the built `runner` as a stranger would: the program, its arguments, its environment; then waits for its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const CHECKOUT: string = resolve(import.meta.dirname, '../../../..');
export const IS_ROOT: boolean = process.getuid?.() === 0;

export interface RunOptions {
  /** The checkout whose `bin/runner` is started; this one unless given. */
  readonly checkout?: string;
  /** Programs to start it through, such as `setpriv …` or `unshare …`. */
  readonly through?: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of the tests; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until it is killed. */
  readonly timeout?: number;
}

export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Wall clock in milliseconds. */
  readonly took: number;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<RunResult>;
}

/** Starts `runner` in a process group of its own, as a shell does with a job. */
export function startRunner(args: readonly string[], options: RunOptions = {}): Running {
  const program = join(options.checkout ?? CHECKOUT, 'bin/runner');
  const [command = '', ...rest] = [...(options.through ?? []), process.execPath, program, ...args];
  const started = performance.now();
  const child = spawn(command, rest, {
    cwd: options.cwd ?? tmpdir(),
    env: { ...process.env, NO_COLOR: '1', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const limit = setTimeout(() => child.kill('SIGKILL'), options.timeout ?? 60_000);
  const ended = new Promise<RunResult>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      settle({ code, signal, stdout, stderr, took: performance.now() - started });
    });
  });
  return { process: child, ended };
}

export const runRunner = (args: readonly string[], options?: RunOptions): Promise<RunResult> =>
  startRunner(args, options).ended;

/** What `apply --json` prints. */
export interface ApplyReport {
  readonly scenario: string;
  readonly planHash: string;
  readonly status: string;
  /** The results folder. */
  readonly results: string;
  readonly verdicts: readonly {
    readonly flow: string;
    readonly failure: string | null;
    readonly cause: string | null;
    readonly by: string | null;
    readonly detail?: string;
  }[];
  readonly expectations: readonly { readonly held: boolean; readonly detail: string }[];
  readonly timings: Readonly<Record<string, number>>;
}

/** Applies a scenario and reads the report; throws with what was said when it does not end with `code`. */
export async function apply(
  file: string,
  {
    out,
    code = 0,
    flags = [],
    ...options
  }: RunOptions & {
    readonly out: string;
    readonly code?: number;
    /** Of `apply`, besides --json and --out. */
    readonly flags?: readonly string[];
  },
): Promise<ApplyReport> {
  const result = await runRunner(['apply', file, '--json', '--out', out, ...flags], options);
  if (result.code !== code)
    throw new Error(
      `Expected exit code ${code}, found ${String(result.code)}: ${unheld(result)}${said(result)}`,
    );
  return JSON.parse(result.stdout) as ApplyReport;
}

/** What was expected and not found, on one line; nothing where no report was printed. */
function unheld({ stdout }: RunResult): string {
  try {
    const { expectations } = JSON.parse(stdout) as ApplyReport;
    return expectations.flatMap(({ held, detail }) => (held ? [] : [detail])).join('; ');
  } catch {
    return '';
  }
}

/** Both streams, for the message of a failed assertion. */
export const said = (result: RunResult): string => `\n${result.stderr}\n${result.stdout}`;

/** A folder that every user may write to, and the function that removes it. */
export function scratch(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `runner-${name}-`));
  chmodSync(path, 0o777);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
