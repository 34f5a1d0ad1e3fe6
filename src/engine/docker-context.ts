// The Docker command line's own notion of which engine is meant: its contexts (docker-context(1)).
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../base/hash.ts';
import { member } from '../base/member.ts';
import { type Result, fail, ok } from '../base/result.ts';
import type { NoEngine } from './no-engine.ts';

interface ContextHost {
  /** `unix:///run/user/1000/docker.sock`. */
  readonly host: string;
  readonly source: string;
}

/** The folder of the Docker command line's settings. */
export const dockerFolder = (environment: NodeJS.ProcessEnv): string =>
  set(environment['DOCKER_CONFIG']) ?? join(set(environment['HOME']) ?? homedir(), '.docker');

/** An empty variable counts as none. */
const set = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** `config.json` of that folder; an empty object when it is not there or is no JSON object. */
export async function dockerConfig(
  environment: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, unknown>>> {
  return (await readJson(join(dockerFolder(environment), 'config.json'))) ?? {};
}

/** Undefined when the context is `default`, that is, none. */
export async function contextHost(
  environment: NodeJS.ProcessEnv,
): Promise<Result<ContextHost | undefined, NoEngine>> {
  const name =
    set(environment['DOCKER_CONTEXT']) ?? (await dockerConfig(environment))['currentContext'];
  if (typeof name !== 'string' || name === '' || name === 'default') return ok(undefined);
  const file = join(dockerFolder(environment), 'contexts', 'meta', sha256(name), 'meta.json');
  const host = member(member((await readJson(file))?.['Endpoints'], 'docker'), 'Host');
  const source = `Docker context ${JSON.stringify(name)}`;
  if (typeof host === 'string' && host !== '') return ok({ host, source });
  return fail({
    message: `${source} is the current one, but ${file} does not say where its engine is`,
    help: 'Run "docker context ls" and choose one with "docker context use NAME", or set DOCKER_HOST',
  });
}

async function readJson(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
