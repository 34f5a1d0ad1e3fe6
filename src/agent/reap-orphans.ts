// The agent is the first process of its PID namespace: processes whose parents ended become its children, and stay in the
// process table until somebody waits for them.
import { readFileSync, readdirSync } from 'node:fs';
import { waitForProcess } from '../kernel/process.ts';

const INTERVAL_MS = 2000;

/**
 * Waits for orphans that have ended. Node waits for its own children the moment they end, so a child that is dead at two
 * looks in a row is none of Node's. The timer also keeps a lab alive whose controller is gone.
 */
export function reapOrphans(): void {
  let dead = new Set<number>();
  setInterval(() => {
    const now = deadChildren();
    for (const pid of now) if (dead.has(pid)) waitForProcess(pid);
    dead = now;
  }, INTERVAL_MS);
}

function deadChildren(): Set<number> {
  const dead = new Set<number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = readStatus(name);
    if (status?.state === 'Z' && status.parent === process.pid) dead.add(Number(name));
  }
  return dead;
}

/** State and parent of a process (proc_pid_stat(5)), or undefined when it is gone. */
function readStatus(pid: string): { state: string | undefined; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may hold anything, parentheses and spaces included.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
