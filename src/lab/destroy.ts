import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../base/fault.ts';
import type { LabRecord } from './list.ts';
import { readProcess } from './machine/processes.ts';

/** How long a lab may take to end by itself. */
const TERMINATE_MS = 2000;
/** How long the kernel may take to end what runs in it after that. */
const KILL_MS = 15_000;
const LOOK_MS = 20;

/** Takes a lab down, whoever made it; settles when nothing of it runs. Taking one down that is gone does nothing. */
export async function destroyLab(record: LabRecord): Promise<void> {
  signal(record, record.agentPid, 'SIGTERM');
  if (await isGone(record, TERMINATE_MS)) return;
  signal(record, record.holderPid, 'SIGKILL');
  if (await isGone(record, KILL_MS)) return;
  throw new Fault(
    'run',
    `Lab "${record.id}" still runs ${KILL_MS} ms after SIGKILL (process ${record.holderPid})`,
    {
      help: 'A process of it may hang in the kernel: look at "dmesg", then run "runner destroy" again',
    },
  );
}

/** The numbers in a record may be somebody else's by now: the holder's start says whether they are. */
const isAlive = (record: LabRecord): boolean =>
  readProcess(record.holderPid)?.start === record.holderStart;

function signal(record: LabRecord, pid: number, name: NodeJS.Signals): void {
  if (!isAlive(record)) return;
  try {
    process.kill(pid, name);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return;
    throw new Fault('machine', `Cannot end lab "${record.id}" (process ${pid}): ${String(cause)}`, {
      help: 'It is another user\'s: run "runner destroy" with sudo',
      cause,
    });
  }
}

async function isGone(record: LabRecord, limit: number): Promise<boolean> {
  // The kernel tells only a parent when a process ends; this one has another.
  for (const end = Date.now() + limit; isAlive(record);) {
    if (Date.now() > end) return false;
    await sleep(LOOK_MS);
  }
  return true;
}
