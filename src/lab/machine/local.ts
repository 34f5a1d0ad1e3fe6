// The holder of a lab on this machine: a process whose end, however it comes, ends everything in the lab's namespaces.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import type { Duplex, Readable, Writable } from 'node:stream';
import { LAB_ENVIRONMENT, MACHINE_NET_FD, MACHINE_PROC_FD } from '../../model/lab-mark.ts';
import { ownNode } from './own-node.ts';
import { ownOrigin } from './origin.ts';
import { hasPrivileges } from './privileges.ts';
import { searchPath } from './search-path.ts';

export interface HolderOptions {
  readonly labId: string;
  readonly scenario: string;
  /** The agent's bundle, absolute. */
  readonly agentFile: string;
  /** Whether the lab may outlive this process: then only the end of its input, before it is told to stay, ends it. */
  readonly keepable: boolean;
}

export interface Holder extends ChildProcessByStdio<Writable, Readable, Readable> {
  /** The fourth is this process's end of a pair of sockets whose other end closes with the lab, and not before. */
  readonly stdio: [Writable, Readable, Readable, Duplex, undefined];
}

/** Options of unshare(1) for a lab: with privileges it needs no user namespace, and works where those are forbidden. */
export const namespaceArgv = (isPrivileged: boolean): string[] => [
  ...(isPrivileged ? [] : ['--user', '--map-root-user']),
  ...['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
];

/**
 * The holder's arguments: namespaces of its own, with the agent as first process of its PID namespace. The kernel kills
 * the agent with unshare(1), all that runs in the lab with the agent, and, unless `keepable`, unshare with this process.
 */
export const holderArgv = (
  { agentFile, keepable }: Pick<HolderOptions, 'agentFile' | 'keepable'>,
  isPrivileged: boolean,
): string[] => [
  ...(keepable ? [] : ['setpriv', '--pdeathsig', 'KILL', '--']),
  ...['unshare', ...namespaceArgv(isPrivileged), '--', ...ownNode(), agentFile],
];

/** Starts the holder in a session of its own, so that Ctrl-C reaches this process alone, which then takes the lab down. */
export function startHolder(options: HolderOptions): Holder {
  const [program = '', ...rest] = holderArgv(options, hasPrivileges());
  const lent = {
    [MACHINE_PROC_FD]: openSync('/proc', constants.O_RDONLY | constants.O_DIRECTORY),
    [MACHINE_NET_FD]: openSync('/proc/self/ns/net', constants.O_RDONLY),
  };
  try {
    const holder = spawn(program, rest, {
      stdio: streams(lent),
      detached: true,
      env: {
        ...process.env,
        PATH: searchPath(),
        [LAB_ENVIRONMENT.id]: options.labId,
        [LAB_ENVIRONMENT.scenario]: options.scenario,
        [LAB_ENVIRONMENT.origin]: ownOrigin(),
      },
    });
    // The types of spawn() know three streams.
    return holder as Holder;
  } finally {
    Object.values(lent).forEach((fd) => closeSync(fd));
  }
}

/** Four pipes, and what is lent of the machine where the agent looks for it. */
const streams = (lent: Readonly<Record<number, number>>): ('pipe' | number)[] =>
  Array.from({ length: MACHINE_NET_FD + 1 }, (_, fd) => lent[fd] ?? 'pipe');
