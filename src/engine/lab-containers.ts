// What an engine holds of labs, and its removal.
import { setTimeout as delay } from 'node:timers/promises';
import type { VolumeInspectInfo } from 'dockerode';
import { Fault } from '../base/fault.ts';
import { forEachBounded } from '../base/for-each-bounded.ts';
import { CONTAINER_LABELS, volumeName } from '../model/container.ts';
import { ANSWER_MS, CHANGE_MS, type EngineClient, ask } from './client.ts';
import { engineWords, statusOf } from './explain-failure.ts';
import { type LabContainer, labContainerOf } from './lab-container.ts';

export interface RemovalOptions {
  /**
   * Milliseconds in which nothing may turn up any more before it is believed that nothing will. For a lab whose agent was
   * killed: the engine still carries out what it had been asked for.
   */
  readonly quietMs?: number;
}

/** Removals that the engine works on at a time. */
const PARALLEL = 8;
/** How long all of a lab may take to go, in milliseconds. */
const GONE_MS = 120_000;
const POLL_MS = 50;

/** Every container of a lab; of one lab when its id is given. */
export async function listLabContainers(
  { client }: { readonly client: EngineClient },
  labId?: string,
): Promise<LabContainer[]> {
  const all = await ask('list containers', ANSWER_MS, (abortSignal) =>
    client.docker.listContainers({
      all: true,
      filters: { label: [labelFilter(labId)] },
      abortSignal,
    }),
  );
  return all
    .flatMap((summary) => labContainerOf(summary, client.address) ?? [])
    .filter((container) => labId === undefined || container.labId === labId);
}

/** Removes all containers and volumes of exactly this lab; none is fine. Settles when they are gone. */
export async function removeLab(
  engine: { readonly client: EngineClient },
  labId: string,
  { quietMs = 0 }: RemovalOptions = {},
): Promise<void> {
  const deadline = Date.now() + GONE_MS;
  const refusals = new Map<string, string>();
  for (let quietSince = Date.now(); ;) {
    const left = await listLeft(engine.client, labId);
    if (left.length === 0) {
      if (Date.now() - quietSince >= quietMs) return;
    } else {
      if (Date.now() > deadline) throw leftOver(labId, left, refusals);
      await forEachBounded(left, PARALLEL, async (thing) => {
        const refusal = await removeThing(engine.client, thing);
        if (refusal === undefined) refusals.delete(thing.name);
        else refusals.set(thing.name, refusal);
      });
      quietSince = Date.now();
      // All gone unless told otherwise, but for the look that proves it.
      if (refusals.size === 0) continue;
    }
    await delay(POLL_MS);
  }
}

interface Thing {
  readonly kind: 'container' | 'volume';
  /** What the engine knows it by. */
  readonly name: string;
}

/** Volumes only once no container holds them. */
async function listLeft(client: EngineClient, labId: string): Promise<Thing[]> {
  const containers = await listLabContainers({ client }, labId);
  if (containers.length > 0) return containers.map(({ id }) => ({ kind: 'container', name: id }));
  const volumes = await ask('list volumes', ANSWER_MS, (abortSignal) =>
    client.docker.listVolumes({ filters: { label: [labelFilter(labId)] }, abortSignal }),
  );
  // Docker answers null where there are none.
  return [volumes.Volumes]
    .flatMap((found: VolumeInspectInfo[] | null) => found ?? [])
    .filter(
      ({ Name, Labels }) =>
        Labels[CONTAINER_LABELS.lab] === labId && Name.startsWith(volumeName(labId, '')),
    )
    .map(({ Name }) => ({ kind: 'volume', name: Name }));
}

const labelFilter = (labId: string | undefined): string =>
  labId === undefined ? CONTAINER_LABELS.lab : `${CONTAINER_LABELS.lab}=${labId}`;

/** Undefined when it is gone or going, else why it is not. */
async function removeThing(
  { docker }: EngineClient,
  { kind, name }: Thing,
): Promise<string | undefined> {
  try {
    await ask(`remove ${kind} ${name}`, CHANGE_MS, (abortSignal) =>
      kind === 'container'
        ? docker.getContainer(name).remove({ force: true, v: true, abortSignal })
        : docker.getVolume(name).remove({ force: true, abortSignal }),
    );
    return undefined;
  } catch (error) {
    return statusOf(error) === 404 ? undefined : engineWords(error);
  }
}

function leftOver(
  labId: string,
  left: readonly Thing[],
  refusals: ReadonlyMap<string, string>,
): Fault {
  const lines = left.map(
    ({ kind, name }) => `${kind} ${name.slice(0, 12)} (${refusals.get(name) ?? 'no reason given'})`,
  );
  return new Fault('machine', `Cannot remove all of lab ${labId}: left are ${lines.join(', ')}`, {
    help: `See what holds them: "docker ps -a --filter label=${labelFilter(labId)}"; then run "runner destroy ${labId}"`,
  });
}
