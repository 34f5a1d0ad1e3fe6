// Every lab of this machine: those that run, from their processes, and those that were killed, from what the engine has.
import { stat } from 'node:fs/promises';
import type { LabContainer, LabThing, LabVolume } from '../engine/lab-container.ts';
import { askForLabs } from '../engine/list-labs.ts';
import { type LabRecord, type LeftLab, type LiveLab, listLiveLabs } from './list.ts';
import { isWithinSight } from './machine/origin.ts';

/** The labs of this user, and as root those of all, oldest first; what cannot be known is told to `warn`, a line each. */
export async function listLabs(warn: (text: string) => void): Promise<LabRecord[]> {
  const engines = new Map(
    listLiveLabs().flatMap(({ id, engine }) => (engine === '' ? [] : [[id, engine] as const])),
  );
  // Before the processes are looked at: a lab that begins in between has its processes before its containers.
  const { containers, volumes, unanswered } = await askForLabs(process.env, engines);
  for (const reason of unanswered)
    warn(`A container engine does not answer, its containers are not listed (${reason})`);
  const live = listLiveLabs().map((lab) => {
    const found = containers.filter(({ labId }) => labId === lab.id);
    return found.length > 0 ? withContainers(lab, found) : lab;
  });
  const leftIds = new Set([...containers, ...volumes].map(({ labId }) => labId));
  for (const { id } of live) leftIds.delete(id);
  const left = await Promise.all(
    [...leftIds].map((id) => {
      const isOf = ({ labId }: LabThing): boolean => labId === id;
      return describeLeft(id, containers.filter(isOf), volumes.filter(isOf));
    }),
  );
  return [...live, ...left.flatMap((lab) => lab ?? [])];
}

function withContainers(lab: LiveLab, found: readonly LabContainer[]): LiveLab {
  const containers = { ...idsByNode(found), ...lab.containers };
  const nodes = [...new Set([...lab.nodes, ...Object.keys(containers)])];
  return { ...lab, containers, nodes, engine: lab.engine || (found[0]?.engine ?? '') };
}

/** Undefined for another user's, whose lab may well run: its processes cannot be seen. */
async function describeLeft(
  id: string,
  containers: readonly LabContainer[],
  volumes: readonly LabVolume[],
): Promise<LeftLab | undefined> {
  const things: readonly LabThing[] = containers.length > 0 ? containers : volumes;
  const [first] = things.toSorted((left, right) => left.created - right.created);
  if (!first || !(await isOurs(first.directory))) return undefined;
  return {
    id,
    state: isWithinSight(first.origin) ? 'left' : 'elsewhere',
    scenario: first.scenario,
    started: new Date(first.created).toISOString(),
    directory: first.directory,
    nodes: containers.map(({ node }) => node).toSorted(),
    containers: idsByNode(containers),
    engine: first.engine,
    machines: [],
  };
}

const idsByNode = (containers: readonly LabContainer[]): Record<string, string> =>
  Object.fromEntries(containers.map(({ node, id }) => [node, id]));

/** By the folder that the lab's runner made. */
async function isOurs(directory: string): Promise<boolean> {
  const user = process.getuid?.();
  if (user === 0) return true;
  try {
    return (await stat(directory)).uid === user;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
