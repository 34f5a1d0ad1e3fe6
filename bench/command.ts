import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

export const CHECKOUT: string = resolve(import.meta.dirname, '..');
export const RUNNER: string = resolve(CHECKOUT, 'bin/runner');

export interface Timed {
  /** Wall clock in seconds, from before the process started until after it ended. */
  readonly seconds: number;
  readonly stdout: string;
}

/** Runs a program to its end; throws with what it said when it fails. */
export async function time(argv: readonly string[]): Promise<Timed> {
  const [command = '', ...args] = argv;
  const started = performance.now();
  const child = spawn(command, args, { cwd: CHECKOUT, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${String(code)}: ${stderr.trim()}`);
  return { seconds, stdout };
}

/** The same program several times, one after the other; the seconds of each. */
export async function timeRepeated(argv: readonly string[], times: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let run = 0; run < times; run += 1) seconds.push((await time(argv)).seconds);
  return seconds;
}
