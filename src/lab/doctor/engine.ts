// The container engine: which one answers, and what of containers works with it.
import { hasPrivileges } from '../machine/privileges.ts';
import type { Check } from './check.ts';
import { Fault } from '../../base/fault.ts';
import type { EngineDescription } from '../../engine/engine-facts.ts';

const NEEDED = 'when a scenario has containers';
const NAME = 'container engine';

/** First whether an engine answers; then, if so, what of it can be used from here. */
export async function checkEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Check[]> {
  const [{ findEngine }, { openClient }, { describeEngine }] = await Promise.all([
    import('../../engine/find-engine.ts'),
    import('../../engine/client.ts'),
    import('../../engine/engine-facts.ts'),
  ]);
  const address = await findEngine(environment);
  if (!address.ok) return [unusable(address.error.message, address.error.help)];
  try {
    const engine = await describeEngine(openClient(address.value.socketPath));
    return [
      { name: NAME, ok: true, needed: NEEDED, found: describe(engine) },
      checkNetworks(engine, hasPrivileges()),
      checkContainerLimits(engine),
    ];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [unusable(error.message, error.help ?? 'See what "docker version" says')];
  }
}

const unusable = (found: string, help: string): Check => ({
  name: NAME,
  ok: false,
  needed: NEEDED,
  found,
  help,
});

function describe(engine: EngineDescription): string {
  const name = engine.kind === 'docker' ? 'Docker' : 'Podman';
  const parts = [
    `${name} ${engine.version} at ${engine.address}`,
    engine.rootless ? 'rootless' : '',
    engine.cgroupVersion && `cgroup ${engine.cgroupVersion}`,
    engine.storageDriver,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Whether the lab's own networks can be put into containers: the agent enters their network stacks. */
export function checkNetworks(engine: EngineDescription, isPrivileged: boolean): Check {
  const base = { name: "containers' network stacks", needed: NEEDED } as const;
  if (engine.operatingSystem.startsWith('Docker Desktop'))
    return {
      ...base,
      ok: false,
      found: 'out of reach: Docker Desktop runs containers in a virtual machine',
      help: 'Install Docker Engine on this machine itself, or give containers "network: docker"',
    };
  if (isPrivileged) return { ...base, ok: true, found: 'can be entered' };
  return engine.rootless
    ? {
        ...base,
        ok: false,
        found: "out of reach: they belong to the rootless engine's own user namespace",
        help: 'Run runner with sudo and DOCKER_HOST set to that engine, or give containers "network: docker"',
      }
    : {
        ...base,
        ok: false,
        found: 'out of reach: they belong to root',
        help: 'Run runner with sudo, or give containers "network: docker"',
      };
}

/** Engines warn of a limit that they cannot set and leave it out. */
export function checkContainerLimits({ limits }: EngineDescription): Check {
  const missing = Object.entries(limits)
    .filter(([, can]) => !can)
    .map(([name]) => name);
  const base = { name: 'container limits', needed: 'when a container has limits' } as const;
  if (missing.length === 0) return { ...base, ok: true, found: 'memory, cpus and pids can be set' };
  return {
    ...base,
    ok: false,
    found: `${missing.join(', ')} cannot be set`,
    help: 'Delegate the cgroup controllers to the engine: https://rootlesscontaine.rs/getting-started/common/cgroup2/',
  };
}
