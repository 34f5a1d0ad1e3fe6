// Which services take part, whole, and the containers that each becomes.
import type { Faults } from '../faults.ts';
import { type MapTree, childOf } from '../source/tree.ts';
import { ServiceExtender } from './extend-services.ts';
import type { Project, ProjectLoader } from './load-project.ts';
import { asLabel, freeName, labelsFor, numbered } from './names.ts';
import { Notes } from './notes.ts';
import type { ImportOptions } from './options.ts';
import { Reader } from './reader.ts';
import { ServiceContext } from './service/context.ts';
import { reportExposed } from './service/exposure.ts';

/** Containers that one import may make. */
const MOST_CONTAINERS = 1000;

/** Names that a machine has for itself. */
const TAKEN = new Set(['localhost', 'ip6-localhost']);

export interface Participant {
  readonly context: ServiceContext;
  /** Names in the scenario: one, or as many as it has replicas. */
  readonly containers: readonly string[];
}

export function participants(
  project: Project,
  loader: ProjectLoader,
  options: ImportOptions,
  faults: Faults,
): ReadonlyMap<string, Participant> {
  const reader = new Reader(faults);
  const extender = new ServiceExtender(loader, faults);
  const { services } = project.sections;
  const whole = new Map<string, MapTree>();
  for (const [name, { value, keySpan }] of services)
    if (value.kind === 'map') whole.set(name, extender.extend(name, value, services));
    else
      faults.add(
        'C008',
        keySpan,
        `Expected a map of keys such as "image" in the service "${name}"`,
      );
  for (const [name, service] of whole)
    if (!isEnabled(name, service, project, reader, options, faults)) whole.delete(name);
  const labels = labelsFor([...whole.keys()], 'service', TAKEN);
  const taken = new Set(labels.values());
  const found = new Map<string, Participant>();
  let count = 0;
  for (const [name, service] of whole) {
    const notes = new Notes(faults);
    const context = new ServiceContext({ name, service, reader, notes, loader, project }, options);
    const replicas = replicasOf(context);
    count += replicas;
    if (count > MOST_CONTAINERS) {
      faults.add('C012', service.span, `Too many containers: expected at most ${MOST_CONTAINERS}`);
      break;
    }
    const containers = namesOf(context, labels.get(name) ?? asLabel(name), replicas, taken);
    if (containers.length > 0) found.set(name, { context, containers });
    if (containers.length > 0) reportExposed(context);
  }
  return found;
}

function isEnabled(
  name: string,
  service: MapTree,
  project: Project,
  reader: Reader,
  { profiles }: ImportOptions,
  faults: Faults,
): boolean {
  const own = reader.texts(childOf(service, 'profiles'), 'profiles').map(({ text }) => text);
  if (own.length === 0 || profiles.includes('*')) return true;
  if (own.some((profile) => profiles.includes(profile))) return true;
  const span = project.sections.services.get(name)?.keySpan ?? service.span;
  faults.add('C025', span, `The service "${name}" is left out: none of its profiles is asked for`, {
    severity: 'warning',
    help: `Take it in: --profile ${own[0] ?? ''}`,
  });
  return false;
}

function replicasOf(context: ServiceContext): number {
  const { reader } = context;
  const written =
    reader.number(context.at('scale'), 'scale') ??
    reader.number(context.at('deploy', 'replicas'), 'deploy.replicas') ??
    1;
  if (Number.isInteger(written) && written >= 0) return written;
  context.notes.error(
    'C010',
    context.service.span,
    `Expected a whole number of replicas, found ${written}`,
  );
  return 1;
}

function namesOf(
  context: ServiceContext,
  label: string,
  replicas: number,
  taken: Set<string>,
): readonly string[] {
  const { name, notes, service } = context;
  const span = context.project.sections.services.get(name)?.keySpan ?? service.span;
  if (label !== name)
    notes.warn(
      'C021',
      span,
      `The service "${name}" is called "${label}": names are those of hosts (RFC 1123)`,
      {
        comment: `called ${name} in the compose file`,
        help: `Call it "${label}" where others call it by its name`,
      },
    );
  const alias = context.text('container_name');
  if (alias !== undefined && alias !== label)
    notes.warn(
      'C027',
      context.spanOf('container_name'),
      `The container of "${name}" is called "${label}", not "${alias}"`,
      {
        comment: `container_name: ${alias} in the compose file`,
      },
    );
  if (replicas === 1) return [label];
  const names = Array.from({ length: replicas }, (_, index) => {
    const free = freeName(numbered(label, index + 1), taken);
    taken.add(free);
    return free;
  });
  const help = 'Nothing answers to the name of the service itself';
  notes.warn('C024', span, `The service "${name}" becomes ${replicas} containers`, {
    comment: replicas === 0 ? undefined : `one of ${replicas} replicas of ${name}`,
    help:
      replicas === 0
        ? undefined
        : `${help}: they are called ${names[0] ?? ''} to ${names.at(-1) ?? ''}`,
  });
  return names;
}
