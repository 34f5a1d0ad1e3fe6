// A container order in the words of the engine's API (POST /containers/create). Pure.
import type { ContainerCreateOptions, DeviceMapping, HostConfig, MountSettings } from 'dockerode';
import { CONTAINER_LABELS, type ContainerSpec } from '../model/container.ts';
import type { ContainerOrder } from './engine.ts';

/** The engine's own log is a spare copy: ours is the stream that we read. */
const LOG_LIMIT = '10m';

export function createOptions(order: ContainerOrder): ContainerCreateOptions {
  const { spec } = order;
  return {
    name: order.name,
    Image: order.image,
    Labels: { ...order.labels },
    Hostname: spec.hostname,
    Entrypoint: [...order.entrypoint],
    Cmd: [...order.command],
    Env: environmentList(order.environment),
    ...(spec.user !== null && { User: spec.user }),
    ...(spec.workingDir !== null && { WorkingDir: spec.workingDir }),
    ...(spec.stopSignal !== null && { StopSignal: spec.stopSignal }),
    Tty: spec.tty,
    OpenStdin: spec.tty,
    // Health checks are ours: they begin when the network is there.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: hostConfig(order),
  };
}

/** As execve(2) takes them. */
export const environmentList = (environment: Readonly<Record<string, string>>): string[] =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);

function hostConfig(order: ContainerOrder): HostConfig {
  const { spec } = order;
  return {
    NetworkMode: order.network,
    RestartPolicy: { Name: 'no' },
    AutoRemove: false,
    LogConfig: { Type: 'json-file', Config: { 'max-size': LOG_LIMIT } },
    Mounts: mounts(order),
    Tmpfs: tmpfs(spec),
    CapAdd: [...spec.capabilities.add],
    CapDrop: [...spec.capabilities.drop],
    Privileged: spec.privileged,
    Devices: spec.devices.map(parseDevice),
    SecurityOpt: [...spec.securityOptions],
    Sysctls: { ...spec.sysctls },
    Ulimits: spec.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    ReadonlyRootfs: spec.readOnly,
    Init: spec.init,
    // Swap and memory together no more than the memory: without this there would be as much swap again.
    ...(spec.memory !== null && { Memory: spec.memory, MemorySwap: spec.memory }),
    ...(spec.cpus !== null && { NanoCpus: Math.round(spec.cpus * 1e9) }),
    ...(spec.pids !== null && { PidsLimit: spec.pids }),
    ...(spec.shmSize !== null && { ShmSize: spec.shmSize }),
  };
}

/** Mounts, not Binds: of a bind whose source is missing the engine would make an empty folder. */
function mounts(order: ContainerOrder): MountSettings[] {
  // Its container's, but for the node: a volume is the whole lab's.
  const labels = Object.fromEntries(
    Object.entries(order.labels).filter(([name]) => name !== CONTAINER_LABELS.node),
  );
  const binds = order.binds.map(({ from, to, readOnly }): MountSettings => ({
    Type: 'bind',
    Source: from,
    Target: to,
    ReadOnly: readOnly,
  }));
  const volumes = order.volumes.map(({ name, to, readOnly }): MountSettings => ({
    Type: 'volume',
    Source: name,
    Target: to,
    ReadOnly: readOnly,
    VolumeOptions: {
      NoCopy: false,
      Labels: labels,
      DriverConfig: { Name: 'local', Options: {} },
    },
  }));
  return [...binds, ...volumes];
}

function tmpfs(spec: ContainerSpec): Record<string, string> {
  const options: Record<string, string> = {};
  for (const mount of spec.mounts)
    if (mount.kind === 'tmpfs') options[mount.to] = mount.size === null ? '' : `size=${mount.size}`;
  return options;
}

/** `/dev/a`, `/dev/a:/dev/b`, `/dev/a:rw`, `/dev/a:/dev/b:rw`, as `docker run --device` takes them. */
export function parseDevice(text: string): DeviceMapping {
  const [from = '', ...rest] = text.split(':');
  const last = rest.at(-1);
  const permissions = last !== undefined && /^[rwm]+$/.test(last) ? rest.pop() : undefined;
  return {
    PathOnHost: from,
    PathInContainer: rest[0] ?? from,
    CgroupPermissions: permissions ?? 'rwm',
  };
}
