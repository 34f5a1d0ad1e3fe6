import { readlinkSync } from 'node:fs';
import { Fault } from '../base/fault.ts';
import { hostsFile, programArgv, resolvFile } from '../model/program.ts';
import type { LabRecord } from './list.ts';

/**
 * The arguments that run a program in a node of a running lab, with the lab's names: nsenter(1). It is a child of the
 * caller and ends with the lab; its working directory is the caller's.
 */
export function enterArgv(record: LabRecord, node: string, argv: readonly string[]): string[] {
  const fd = Object.hasOwn(record.nodes, node) ? record.nodes[node] : undefined;
  if (fd === undefined)
    throw new Fault(
      'usage',
      `Lab "${record.id}" has no host "${node}": it has ${listNames(record)}`,
    );
  const agent = `/proc/${record.agentPid}`;
  return [
    'nsenter',
    // A lab made with privileges has no user namespace of its own, and setns(2) refuses to enter one's own.
    ...(isOwnUserNamespace(agent) ? [] : [`--user=${agent}/ns/user`, '--preserve-credentials']),
    ...[`--mount=${agent}/ns/mnt`, `--pid=${agent}/ns/pid`, `--net=${agent}/fd/${fd}`, '--'],
    ...['env', `--chdir=${process.cwd()}`, '--'],
    ...programArgv(hostsFile(record.directory, node), resolvFile(record.directory, node), argv),
  ];
}

const isOwnUserNamespace = (agent: string): boolean => {
  try {
    return readlinkSync(`${agent}/ns/user`) === readlinkSync('/proc/self/ns/user');
  } catch (cause) {
    throw new Fault(
      'run',
      `The lab of process ${agent.slice('/proc/'.length)} cannot be entered: ${String(cause)}`,
      {
        help: 'Run "runner ps" to see which labs run',
        cause,
      },
    );
  }
};

const listNames = (record: LabRecord): string =>
  Object.keys(record.nodes)
    .map((name) => `"${name}"`)
    .join(', ') || 'none yet';
