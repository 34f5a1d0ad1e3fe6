// depends_on, links, volumes_from, network_mode: service → dependsOn
import type { Span } from '../../../base/diagnostic.ts';
import { childOf } from '../../source/tree.ts';
import { didYouMean } from '../../suggest.ts';
import { type Entry, entry } from '../../write/yaml-value.ts';
import type { ServiceContext } from './context.ts';

const CONDITIONS: Readonly<Record<string, string>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
};

/** `containersOf` a service that takes part; undefined when it does not. */
export function dependencyEntries(
  context: ServiceContext,
  containersOf: (service: string) => readonly string[] | undefined,
): readonly Entry[] {
  const found = new Map<string, string>();
  const add = (service: string, condition: string, span: Span, isRequired: boolean): void => {
    const containers = containersOf(service);
    if (containers === undefined) reportLost(context, service, span, isRequired);
    for (const container of containers ?? [])
      if (condition !== 'started' || !found.has(container)) found.set(container, condition);
  };
  for (const [service, { keySpan, value }] of context.reader.named(
    context.at('depends_on'),
    'depends_on',
  )) {
    const tree = childOf(value, 'condition');
    const written = context.reader.text(tree, 'condition') ?? 'service_started';
    const condition = Object.hasOwn(CONDITIONS, written) ? CONDITIONS[written] : undefined;
    if (condition === undefined)
      context.notes.error(
        'C010',
        tree?.span ?? keySpan,
        `Unknown condition "${written}"`,
        didYouMean(written, Object.keys(CONDITIONS)) ?? 'Write condition: service_healthy',
      );
    const isRequired = context.reader.flag(childOf(value, 'required'), 'required') !== false;
    add(service, condition ?? 'started', keySpan, isRequired);
  }
  for (const { text, span } of context.reader.texts(context.at('links'), 'links')) {
    const [service = '', alias = service] = text.split(':');
    add(service, 'started', span, true);
    if (alias !== service)
      context.notes.warn(
        'C027',
        span,
        `The service "${context.name}" knows "${service}" as "${alias}"`,
        {
          comment: `it knows ${service} as ${alias} in the compose file: nothing answers to that name here`,
        },
      );
  }
  for (const { text, span } of context.reader.texts(context.at('volumes_from'), 'volumes_from')) {
    const [service = ''] = text.split(':');
    // The container of another project is told of with its mounts.
    if (service !== 'container' && containersOf(service) !== undefined)
      add(service, 'started', span, true);
  }
  const shared = /^service:(.+)$/.exec(context.text('network_mode') ?? '')?.[1];
  if (shared !== undefined && shared !== context.name && containersOf(shared) !== undefined)
    add(shared, 'started', context.spanOf('network_mode'), true);
  if (found.size === 0) return [];
  const names = [...found.keys()];
  if ([...found.values()].every((condition) => condition === 'started'))
    return [entry('dependsOn', names)];
  return [
    entry('dependsOn', {
      entries: Array.from(found, ([name, condition]) => entry(name, condition)),
    }),
  ];
}

function reportLost(
  context: ServiceContext,
  service: string,
  span: Span,
  isRequired: boolean,
): void {
  const services = context.project.sections.services;
  if (!services.has(service) && isRequired)
    context.notes.error(
      'C003',
      span,
      `The service "${context.name}" depends on an unknown service "${service}"`,
      didYouMean(service, services.keys()),
    );
  else
    context.notes.warn(
      'C026',
      span,
      `"${service}" takes no part: "${context.name}" does not wait for it`,
      {
        comment: `does not wait for ${service}, which takes no part`,
      },
    );
}
