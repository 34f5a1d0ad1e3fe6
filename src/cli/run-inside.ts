import { Fault } from '../base/fault.ts';
import type { LabRecord } from '../lab/list.ts';
import { constants } from 'node:os';
import { enterArgv } from '../lab/enter.ts';
import { spawn } from 'node:child_process';

/** Runs a program in a node with our own terminal, and gives its exit code; 128 + n when signal n ended it. */
export async function runInside(
  lab: LabRecord,
  node: string,
  argv: readonly string[],
): Promise<number> {
  const [program = '', ...rest] = enterArgv(lab, node, argv);
  const child = spawn(program, rest, { stdio: 'inherit' });
  // The terminal sends Ctrl-C to the program itself; runner only has to outlive it to pass its exit code on.
  const ignore = (): void => undefined;
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', ignore).on('SIGQUIT', ignore).on('SIGTERM', pass).on('SIGHUP', pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (cause) =>
        reject(
          new Fault('machine', `"${program}" cannot be started: ${cause.message}`, {
            help: 'Run "runner doctor"',
            cause,
          }),
        ),
      );
      child.once('exit', (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } finally {
    process.off('SIGINT', ignore).off('SIGQUIT', ignore).off('SIGTERM', pass).off('SIGHUP', pass);
  }
}
