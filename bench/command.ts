import { resolve } from 'node:path';
import { execa } from 'execa';

const CHECKOUT = resolve(import.meta.dirname, '..');
export const RUNNER: string = resolve(CHECKOUT, 'bin/runner');

export interface Timed {
  /** Wall clock in seconds, from before the process started until after it ended. */
  readonly seconds: number;
  readonly stdout: string;
}

/** Runs a program to its end; throws with what it said when it fails. */
export async function time([command = '', ...args]: readonly string[]): Promise<Timed> {
  const started = performance.now();
  const { stdout } = await execa(command, args, { cwd: CHECKOUT, stdin: 'ignore' });
  return { seconds: (performance.now() - started) / 1000, stdout };
}

/** The same program several times, one after the other; the seconds of each. */
export async function timeRepeated(argv: readonly string[], times: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let run = 0; run < times; run += 1) seconds.push((await time(argv)).seconds);
  return seconds;
}
