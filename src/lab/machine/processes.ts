// The processes of this machine, from /proc (proc(5)).
import { readFileSync, readdirSync } from 'node:fs';

export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Name of its program, at most 15 characters. */
  readonly name: string;
  /** Clock ticks since boot at which it started: a pid alone may be somebody else's by now. */
  readonly start: number;
  /** Its number in the innermost PID namespace it is in. */
  readonly namespacePid: number;
}

/** Every process that can be seen, zombies left out. */
export const listProcesses = (): ProcessFacts[] =>
  readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : [],
  );

/** A process's facts; undefined when there is none of that number, or only its remains. */
export function readProcess(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may hold anything, parentheses and spaces included.
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    const [state, parent] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    const numbers = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return {
      pid,
      parent: Number(parent),
      name: stat.slice(stat.indexOf('(') + 1, end),
      start: Number(fields[19]),
      namespacePid: Number(numbers?.split('\t').at(-1) ?? pid),
    };
  } catch {
    return undefined;
  }
}
