import { Fault } from '../base/fault.ts';
import { type LabRecord, type LeftLab, isLive } from '../lab/list.ts';
import { constants } from 'node:os';
import { enterArgv } from '../lab/enter.ts';
import { partWith } from './there/part-of.ts';
import { runInContainer } from './run-in-container.ts';
import { runThere } from './there/run-there.ts';
import { spawn } from 'node:child_process';

/** Runs a program in a node with our own terminal, and gives its exit code; 128 + n when signal n ended it. */
export function runInside(lab: LabRecord, node: string, argv: readonly string[]): Promise<number> {
  const part = partWith(lab, node);
  if (part) return runThere(part.machine, ['exec', part.id, node, '--', ...argv], 'dialogue');
  const container = containerOf(lab, node);
  const { engine } = lab;
  if (container !== undefined) return runInContainer({ engine, container, argv, environment: {} });
  if (!isLive(lab)) throw noHosts(lab);
  return runWithLab(enterArgv(lab, node, argv));
}

const noHosts = ({ id, state }: LeftLab): Fault =>
  state === 'left'
    ? new Fault('usage', `The lab ${id} was killed: its hosts are gone`, {
        help: `Remove what is left of it: runner destroy ${id}`,
      })
    : new Fault('usage', `The hosts of lab ${id} are in another PID namespace than this`, {
        help: 'Run it there, where the lab was started',
      });

/** The engine's id of the container that a node is; undefined for a host. */
export const containerOf = ({ containers }: LabRecord, node: string): string | undefined =>
  Object.hasOwn(containers, node) ? containers[node] : undefined;

async function runWithLab([program = '', ...rest]: readonly string[]): Promise<number> {
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
