// A container as written → as the plan has it.
import type {
  ContainerSpec,
  Dependency,
  HealthcheckSpec,
  UlimitSpec,
} from '../../../model/container.ts';
import type { Container } from '../../../model/scenario-file.ts';
import { capabilityName } from '../../capability-names.ts';
import type { Context } from '../../context.ts';
import type { WrittenNode } from '../../nodes.ts';
import type { Path } from '../../source/tree.ts';
import { bytes, millis } from '../quantity.ts';
import { type ResolvedCopy, resolveCopies } from './copies.ts';
import { resolveEnvironment } from './environment.ts';
import { resolveImage } from './image.ts';
import { type ResolvedMount, resolveMounts } from './mounts.ts';

export interface ResolvedContainer {
  readonly name: string;
  readonly path: Path;
  readonly stack: WrittenNode['stack'];
  readonly written: Container;
  readonly spec: ContainerSpec;
  readonly mounts: readonly ResolvedMount[];
  readonly copies: readonly ResolvedCopy[];
}

const START_TIMEOUT = '60s';
/** What a program gets to end by itself where its files are looked at afterwards; else nothing depends on how it ends. */
const GRACE_BEFORE_COPY = '10s';
const HEALTHCHECK = { interval: '1s', timeout: '5s', retries: 30, startPeriod: '0s' } as const;

export function resolveContainers(context: Context): ReadonlyMap<string, ResolvedContainer> {
  const resolved = new Map<string, ResolvedContainer>();
  for (const { name, path, stack, container } of context.nodes.values())
    if (container !== undefined)
      resolved.set(name, resolveContainer(context, { name, path, stack, written: container }));
  return resolved;
}

function resolveContainer(
  context: Context,
  base: Pick<ResolvedContainer, 'name' | 'path' | 'stack' | 'written'>,
): ResolvedContainer {
  const { name, path, written } = base;
  const mounts = resolveMounts(context, written.mounts, [...path, 'mounts']);
  const copies = resolveCopies(context, written.copy, [...path, 'copy']);
  const stopGrace = copies.some(({ copy }) => copy.at.when === 'stopped')
    ? GRACE_BEFORE_COPY
    : '0s';
  const { memory, shmSize } = written;
  const spec: ContainerSpec = {
    image: resolveImage(context, name, written, path),
    command: written.command ?? null,
    entrypoint: written.entrypoint ?? null,
    environment: resolveEnvironment(context, written.environment, [...path, 'environment']),
    mounts: mounts.map(({ mount }) => mount),
    user: written.user ?? null,
    workingDir: written.workingDir ?? null,
    hostname: written.hostname ?? name,
    capabilities: capabilitiesOf(written.capabilities),
    privileged: written.privileged ?? false,
    devices: written.devices ?? [],
    securityOptions: written.securityOptions ?? [],
    sysctls: Object.fromEntries(
      Object.entries(written.sysctls ?? {}).map(([key, value]) => [
        key,
        context.textAt([...path, 'sysctls', key], value),
      ]),
    ),
    ulimits: Object.entries(written.ulimits ?? {}).map(([limit, value]): UlimitSpec =>
      typeof value === 'number'
        ? { name: limit, soft: value, hard: value }
        : { name: limit, ...value },
    ),
    memory: memory === undefined ? null : bytes(memory),
    cpus: written.cpus ?? null,
    pids: written.pids ?? null,
    shmSize: shmSize === undefined ? null : bytes(shmSize),
    readOnly: written.readOnly ?? false,
    init: written.init ?? false,
    tty: written.tty ?? false,
    healthcheck: healthcheckOf(written.healthcheck),
    dependsOn: dependenciesOf(context, written.dependsOn),
    startTimeout: millis(written.startTimeout ?? START_TIMEOUT),
    stopSignal: written.stopSignal ?? null,
    stopGrace: millis(written.stopGrace ?? stopGrace),
    copies: copies.map(({ copy }) => copy),
    censor: written.censor ?? false,
    idle: false,
  };
  return { ...base, spec, mounts, copies };
}

function capabilitiesOf(written: Container['capabilities'] = []): ContainerSpec['capabilities'] {
  const { add = [], drop = [] } = Array.isArray(written) ? { add: written } : written;
  const names = (list: readonly string[]): string[] => [...new Set(list.map(capabilityName))];
  return { add: names(add), drop: names(drop) };
}

function healthcheckOf(written: Container['healthcheck']): HealthcheckSpec | 'image' | 'none' {
  if (written === undefined || written === true) return 'image';
  if (written === false) return 'none';
  return {
    argv: written.test,
    interval: millis(written.interval ?? HEALTHCHECK.interval),
    timeout: millis(written.timeout ?? HEALTHCHECK.timeout),
    retries: written.retries ?? HEALTHCHECK.retries,
    startPeriod: millis(written.startPeriod ?? HEALTHCHECK.startPeriod),
  };
}

/** One that is switched off, or that a fault took out, is not waited for. */
function dependenciesOf(
  context: Context,
  written: Container['dependsOn'] = [],
): readonly Dependency[] {
  const all: readonly Dependency[] = Array.isArray(written)
    ? [...new Set(written)].map((container) => ({ container, condition: 'started' }))
    : Object.entries(written).map(([container, condition]) => ({ container, condition }));
  return all.filter(({ container }) => context.nodes.get(container)?.kind === 'container');
}
