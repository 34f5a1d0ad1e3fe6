// Processes of containers, which this process's own PID namespace does not show: by the machine's /proc, which the agent
// was handed (MACHINE_PROC_FD).
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../base/fault.ts';
import { CONTAINER_FOLDER } from '../../model/container.ts';
import { MACHINE_PROC_FD } from '../../model/lab-mark.ts';
import { lentFolder } from './gate.ts';
import { gatePath } from './launch-argv.ts';

const machineProcess = (pid: number, file: string): string =>
  `/proc/self/fd/${MACHINE_PROC_FD}/${pid}/${file}`;

/** Whether a process of this machine runs no more, be it that nobody has asked how it ended yet (proc_pid_stat(5)). */
export function hasProcessEnded(pid: number): boolean {
  try {
    const stat = readFileSync(machineProcess(pid, 'stat'), 'latin1');
    return /^[ZX]$/.test(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch {
    return true;
  }
}

/** Throws a Fault when this process may not enter the network namespaces of the machine's containers. */
export function checkMayEnter(node: string): void {
  if (!isOrdinaryUsers(readFileSync('/proc/self/uid_map', 'latin1'))) return;
  throw new Fault(
    'machine',
    `Container "${node}" is to be on the lab's networks: only root may enter the network stack of a container`,
    {
      help: 'Run runner with sudo: "sudo runner apply …"; containers with "network: docker" or "network: machine" can do without',
    },
  );
}

/** Whether a user namespace is one that an ordinary user made for a lab: it knows that one user (user_namespaces(7)). */
export const isOrdinaryUsers = (uidMap: string): boolean =>
  uidMap
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2]), 0) === 1;

/** Milliseconds that a process which the engine calls started may still be the engine's own starter. */
const STARTER_LIMIT = 5000;
const LOOK_MS = 2;

/**
 * A descriptor of the network namespace of the first process of a node's container, which waits at its gate. A process id
 * says who it is only while the process lives, and to those in its PID namespace: once the namespace is held, the process
 * must still be the one that waits at this gate of this lab. Throws a Fault when it is not.
 */
export async function openContainerNetwork(
  pid: number,
  node: string,
  directory: string,
): Promise<number> {
  const fd = openSync(machineProcess(pid, 'ns/net'), 'r');
  try {
    await untilWaiting(pid, node, directory);
    return fd;
  } catch (cause) {
    closeSync(fd);
    throw cause;
  }
}

/** The engine speaks of a start when its starter is told to become the launcher, a moment before it has (runc, `start`). */
async function untilWaiting(pid: number, node: string, directory: string): Promise<void> {
  const end = performance.now() + STARTER_LIMIT;
  while (!isWaiting(pid, node, directory)) {
    if (performance.now() > end) throw strangerFault(pid);
    await sleep(LOOK_MS);
  }
}

const strangerFault = (pid: number): Fault =>
  new Fault('machine', `Process ${pid} of this machine is not the one that the engine started`, {
    help: 'The engine must run on this machine, outside of any other container or virtual machine: look at DOCKER_HOST and "docker context ls"',
  });

function isWaiting(pid: number, node: string, directory: string): boolean {
  const own = statSync(`${lentFolder(directory)}/launch`);
  const seen = statSync(machineProcess(pid, `root${CONTAINER_FOLDER}/launch`), {
    throwIfNoEntry: false,
  });
  const argv = readFileSync(machineProcess(pid, 'cmdline'), 'utf8').split('\0');
  return seen?.ino === own.ino && seen.dev === own.dev && argv.includes(gatePath(node));
}
