import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../base/fault.ts';
import { type LabRecord, type LiveLab, isLive, listLiveLabs, stillRuns } from './list.ts';
import { CREATION_LIMIT_MS } from '../model/lab-mark.ts';
import type { LabThing } from '../engine/lab-container.ts';
import { askForLabs } from '../engine/list-labs.ts';
import { removeLabFolder } from './machine/lab-folder.ts';
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
  // One that is still being built may have an engine and containers by now.
  const lab = listLiveLabs().find((now) => isSame(now, record)) ?? record;
  const isKnown = !isLive(lab) || (await knowsContainers(lab));
  if (isLive(lab)) await endProcesses(lab);
  const { containers, volumes } = await askForLabs(process.env, enginesOf(lab));
  const isOf = ({ labId }: LabThing): boolean => labId === lab.id;
  const found = containers.filter(isOf);
  const nodes = new Set([...lab.nodes, ...found.map(({ node }) => node)]);
  const [holder] = [...found, ...volumes.filter(isOf)];
  const engine = lab.engine || (holder?.engine ?? record.engine);
  if (engine !== '') await removeContainers(lab.id, [...nodes], mayStillGrow(lab), engine);
  if (!isKnown) throw unknownTo(engine, lab);
  await removeLabFolder(lab.id, lab.directory);
}

const isSame = (now: LiveLab, record: LabRecord): boolean =>
  now.id === record.id && (!isLive(record) || now.holderStart === record.holderStart);

const enginesOf = ({ id, engine }: LabRecord): ReadonlyMap<string, string> =>
  new Map(engine === '' ? [] : [[id, engine]]);

/**
 * False when the engine that a running lab names has never heard of the lab's containers: then the address leads to
 * another engine here, as from within another container. One that does not answer is heard of later.
 */
async function knowsContainers(lab: LiveLab): Promise<boolean> {
  if (Object.keys(lab.containers).length === 0) return true;
  const { containers, unanswered } = await askForLabs(process.env, enginesOf(lab));
  // Whoever else takes it down ends its processes first.
  return (
    containers.some(({ labId }) => labId === lab.id) || unanswered.length > 0 || !stillRuns(lab)
  );
}

function unknownTo(engine: string, { id, containers }: LabRecord): Fault {
  const names = Object.entries(containers).map(([node, of]) => `${node} (${of.slice(0, 12)})`);
  return new Fault(
    'machine',
    `Lab "${id}" is ended, but the engine at ${engine} knows none of its containers: ${names.join(', ')}`,
    {
      help: `Unless somebody else has removed them, another engine has them: run "DOCKER_HOST=unix:///… runner destroy ${id}" with its address`,
    },
  );
}

/** How long after its start a killed lab's engine may still work on what it had been asked for, in milliseconds. */
const YOUNG_MS = 60_000;

const mayStillGrow = (lab: LabRecord): boolean =>
  lab.state === 'running' ||
  lab.state === 'elsewhere' ||
  (lab.state === 'left' && Date.now() - Date.parse(lab.started) < YOUNG_MS);

async function endProcesses(record: LiveLab): Promise<void> {
  signal(record, record.agentPid, 'SIGTERM');
  // The agent waits for the containers that its engine is making.
  const limit = TERMINATE_MS + (record.engine === '' ? 0 : CREATION_LIMIT_MS);
  if (await isGone(record, limit)) return;
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

function signal(record: LiveLab, pid: number, name: NodeJS.Signals): void {
  if (!stillRuns(record)) return;
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
  for (const end = Date.now() + limit; stillRuns(record);) {
    if (Date.now() > end) return false;
    await sleep(LOOK_MS);
  }
  return true;
}
