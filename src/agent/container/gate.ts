// Gates: FIFOs (fifo(7)) at which containers wait for their network. The waiting end opens for writing, which blocks until
// the agent opens for reading, whoever comes first, and its end is closed the moment the program has taken its place.
import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '../../base/fault.ts';
import { findBuilt } from '../../kernel/native.ts';
import { GATES } from './launch-argv.ts';

/** The folder that is lent to every container: the launcher, the gates, the lab's certificate authority. */
export const lentFolder = (directory: string): string => join(directory, 'lab', 'container');

/** Gates made by one mkfifo(1): arguments are bounded (E2BIG). */
const GATES_A_CALL = 500;
const MKFIFO_MS = 20_000;

/** Makes the folder, readable by any user, with a gate for each node. */
export async function makeLentFolder(directory: string, nodes: readonly string[]): Promise<void> {
  const folder = lentFolder(directory);
  const gates = join(folder, GATES);
  try {
    await mkdir(gates, { recursive: true });
    await copyFile(findBuilt('launch'), join(folder, 'launch'));
    await Promise.all([folder, gates, join(folder, 'launch')].map((path) => chmod(path, 0o755)));
    for (let at = 0; at < nodes.length; at += GATES_A_CALL)
      await promisify(execFile)(
        'mkfifo',
        ['--mode=0622', '--', ...nodes.slice(at, at + GATES_A_CALL)],
        { cwd: gates, timeout: MKFIFO_MS },
      );
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(
      'machine',
      `Cannot make what containers are lent in "${folder}": ${String(cause)}`,
      {
        help: 'Choose a folder on a file system of this machine with --out: it must know named pipes',
        cause,
      },
    );
  }
}

/** What came of a gate: its program runs, or could not be executed. */
export type Passing = 'passed' | 'not-executable';

export interface Gate {
  readonly passing: Promise<Passing>;
  close(): void;
}

/** Lets the container at its gate go. */
export function openGate(directory: string, node: string): Gate {
  const path = join(lentFolder(directory), GATES, node);
  const { O_RDONLY, O_NONBLOCK } = constants;
  // A socket, and no file stream, which would read in a thread: a FIFO can be waited for. It owns the descriptor.
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  return {
    passing: new Promise((resolve) => {
      let passing: Passing = 'passed';
      socket.on('data', () => {
        passing = 'not-executable';
      });
      socket.on('error', () => undefined);
      socket.once('close', () => resolve(passing));
    }),
    close: () => socket.destroy(),
  };
}
