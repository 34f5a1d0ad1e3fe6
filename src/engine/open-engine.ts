// The engine of this machine, opened: dockerode behind the contract of engine.ts.
import { Fault } from '../base/fault.ts';
import type { EngineFacts } from '../model/container.ts';
import { type EngineClient, openClient } from './client.ts';
import {
  attachOutput,
  createContainer,
  inspectContainer,
  startContainer,
  stopContainer,
} from './container.ts';
import { copyIn } from './copy-in.ts';
import { copyOut } from './copy-out.ts';
import { buildImage } from './build-image.ts';
import type { Engine } from './engine.ts';
import { describeEngine } from './engine-facts.ts';
import { execute } from './execute.ts';
import { findEngine, reachEngine } from './find-engine.ts';
import { findImage } from './find-image.ts';
import { pullImage } from './pull-image.ts';
import { watch } from './watch.ts';

export { listLabContainers, removeLab } from './lab-containers.ts';

/** An engine with the way to it, for those who remove what others made. */
export interface OpenEngine extends Engine {
  readonly client: EngineClient;
}

/**
 * Finds the engine, or takes the one at the `address` that a lab names, and asks it what it is. It holds no connection
 * but while something is asked, listened to or run, so there is nothing to close.
 */
export async function openEngine(
  environment: NodeJS.ProcessEnv = process.env,
  address = '',
): Promise<OpenEngine> {
  const found = await (address === ''
    ? findEngine(environment)
    : reachEngine(address, 'the lab itself'));
  if (!found.ok) throw new Fault('machine', found.error.message, { help: found.error.help });
  const client = openClient(found.value.socketPath);
  const facts = await describeEngine(client);
  const { kind, version, rootless } = facts;
  return engineOf(client, { kind, version, address: facts.address, rootless }, environment);
}

function engineOf(
  client: EngineClient,
  facts: EngineFacts,
  environment: NodeJS.ProcessEnv,
): OpenEngine {
  return {
    client,
    facts,
    findImage: (name) => findImage(client, name),
    pullImage: (name, onProgress) => pullImage(client, environment, name, onProgress),
    buildImage: (order, onProgress) => buildImage(client, environment, order, onProgress),
    createContainer: (order) => createContainer(client, order),
    startContainer: (id) => startContainer(client, id),
    inspectContainer: (id) => inspectContainer(client, id),
    stopContainer: (id, signal, graceMs) => stopContainer(client, id, signal, graceMs),
    execute: (id, order) => execute(client, id, order),
    attachOutput: (id, isTty) => attachOutput(client, id, isTty),
    copyIn: (id, from, to) => copyIn(client, id, from, to),
    copyOut: (id, from, to, onSkipped) => copyOut(client, id, from, to, onSkipped),
    watch: (labId, onEvent) => watch(client, labId, onEvent),
  };
}
