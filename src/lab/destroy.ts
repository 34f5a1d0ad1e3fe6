import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../base/fault.ts';
import type { LabRecord, LiveLab } from './list.ts';
import { readProcess } from './machine/processes.ts';
import { askForLabContainers } from '../engine/list-labs.ts';
import { removeContainers } from './remove-containers.ts';

/** How long a lab may take to end by itself. */
const TERMINATE_MS = 2000;
/** How long the kernel may take to end what runs in it after that. */
const KILL_MS = 15_000;
const LOOK_MS = 20;

/**
 * Takes a lab down, whoever made it; settles when nothing of it runs and its containers and volumes are gone. Taking one
 * down that is gone does nothing.
 */
export async function destroyLab(record: LabRecord): Promise<void> {
  if (record.state !== 'left') await endProcesses(record);
  const nodes = new Set(Object.keys(record.containers));
  // One that was still being built has more by now than when it was looked at.
  const { containers } = await askForLabContainers();
  for (const { labId, node } of containers) if (labId === record.id) nodes.add(node);
  if (nodes.size > 0) await removeContainers(record.id, [...nodes], mayStillGrow(record));
}

/** How long after its start a killed lab's engine may still work on what it had been asked for, in milliseconds. */
const YOUNG_MS = 60_000;

const mayStillGrow = ({ state, started }: LabRecord): boolean =>
  state === 'running' || (state === 'left' && Date.now() - Date.parse(started) < YOUNG_MS);

async function endProcesses(record: LiveLab): Promise<void> {
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
const isAlive = (record: LiveLab): boolean =>
  readProcess(record.holderPid)?.start === record.holderStart;

function signal(record: LiveLab, pid: number, name: NodeJS.Signals): void {
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

async function isGone(record: LiveLab, limit: number): Promise<boolean> {
  // The kernel tells only a parent when a process ends; this one has another.
  for (const end = Date.now() + limit; isAlive(record);) {
    if (Date.now() > end) return false;
    await sleep(LOOK_MS);
  }
  return true;
}
