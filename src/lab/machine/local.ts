// The holder of a lab on this machine: a process whose end, however it comes, ends everything in the lab's namespaces.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { LAB_ENVIRONMENT } from '../../model/lab-mark.ts';
import { hasPrivileges } from './privileges.ts';

export interface HolderOptions {
  readonly labId: string;
  readonly scenario: string;
  /** The agent's bundle, absolute. */
  readonly agentFile: string;
  /** Whether the lab may outlive this process: then only the end of its input, before it is told to stay, ends it. */
  readonly keepable: boolean;
}

export type Holder = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * The holder's arguments: namespaces of its own, with the agent as first process of its PID namespace. The kernel kills
 * the agent with unshare(1), all that runs in the lab with the agent, and, unless `keepable`, unshare with this process.
 * With privileges the lab has no user namespace of its own, so that it also works where those are forbidden.
 */
export function holderArgv(
  options: Pick<HolderOptions, 'agentFile' | 'keepable'>,
  isPrivileged: boolean,
): [string, ...string[]] {
  const unshare = [
    'unshare',
    ...(isPrivileged ? [] : ['--user', '--map-root-user']),
    ...['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
    ...['--', process.execPath, options.agentFile],
  ] as const;
  return options.keepable
    ? ['unshare', ...unshare.slice(1)]
    : ['setpriv', '--pdeathsig', 'KILL', '--', ...unshare];
}

/** Starts the holder in a session of its own, so that Ctrl-C reaches this process alone, which then takes the lab down. */
export function startHolder(options: HolderOptions): Holder {
  const [program, ...rest] = holderArgv(options, hasPrivileges());
  return spawn(program, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: {
      ...process.env,
      [LAB_ENVIRONMENT.id]: options.labId,
      [LAB_ENVIRONMENT.scenario]: options.scenario,
    },
  });
}
