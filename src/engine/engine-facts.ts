// Which engine answers, from what it says of itself.
import type { DockerVersion } from 'dockerode';
import { Fault } from '../base/fault.ts';
import { member } from '../base/member.ts';
import type { EngineFacts } from '../model/container.ts';
import { ANSWER_MS, type EngineClient, ask } from './client.ts';

/** More than a run's manifest holds: what `doctor` tells. */
export interface EngineDescription extends EngineFacts {
  readonly apiVersion: string;
  /** `1` or `2`; empty when the engine does not say. */
  readonly cgroupVersion: string;
  readonly storageDriver: string;
  /** `Debian GNU/Linux 12 (bookworm)`, `Docker Desktop`. */
  readonly operatingSystem: string;
  /** Of what it can limit in a container; all true when it does not say. */
  readonly limits: { readonly memory: boolean; readonly cpus: boolean; readonly pids: boolean };
}

/** The first API with all that is asked for here: Docker 19.03, Podman 2.0. */
const OLDEST_API = [1, 40] as const;

/** Asks the engine what it is. Rejects with a Fault when it is too old. */
export async function describeEngine(client: EngineClient): Promise<EngineDescription> {
  const { docker, address } = client;
  const what = `ask the engine at ${address} what it is`;
  const [version, info] = await Promise.all([
    ask(what, ANSWER_MS, () => docker.version()),
    // docker.d.ts has no type for the options.
    ask(what, ANSWER_MS, (): Promise<unknown> => docker.info()),
  ]);
  const podman = podmanOf(version);
  const description: EngineDescription = {
    kind: podman ? 'podman' : 'docker',
    version: podman?.Version ?? version.Version,
    address,
    apiVersion: version.ApiVersion,
    rootless: texts(info, 'SecurityOptions').some((option) => option.includes('name=rootless')),
    cgroupVersion: text(info, 'CgroupVersion'),
    storageDriver: text(info, 'Driver'),
    operatingSystem: text(info, 'OperatingSystem'),
    limits: {
      memory: member(info, 'MemoryLimit') !== false,
      cpus: member(info, 'CpuCfsQuota') !== false,
      pids: member(info, 'PidsLimit') !== false,
    },
  };
  if (isTooOld(description.apiVersion))
    throw new Fault(
      'machine',
      `The engine at ${address} is ${description.kind} ${description.version} with API ${description.apiVersion}, expected API ${OLDEST_API.join('.')} or newer`,
      { help: 'Install Docker 19.03 or newer, or Podman 3 or newer' },
    );
  return description;
}

/** Podman's imitation of Docker's API says what it is among its components, which older engines do not list. */
const podmanOf = ({ Components = [] }: Partial<DockerVersion>): { Version: string } | undefined =>
  Components.find(({ Name }) => Name === 'Podman Engine');

function isTooOld(apiVersion: string): boolean {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  return major < OLDEST_API[0] || (major === OLDEST_API[0] && minor < OLDEST_API[1]);
}

function text(info: unknown, key: string): string {
  const value = member(info, key);
  return typeof value === 'string' ? value : '';
}

function texts(info: unknown, key: string): string[] {
  const value = member(info, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
