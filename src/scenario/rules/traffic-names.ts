import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Every entry of the traffic, and every service that one makes, has a name of its own. */
export const trafficNames: Rule = (context, { services }) => {
  const names = new Map<string, Path>();
  const claim = (name: string, path: Path): void => {
    const first = names.get(name);
    if (first === undefined) names.set(name, path);
    else
      context.report('S090', path, `Two entries of the traffic have the name "${name}"`, {
        related: [{ message: 'The other one', span: context.spanOf(first) }],
      });
  };
  const entries = context.scenario.traffic ?? [];
  for (const [index, { name }] of entries.entries()) claim(name, ['traffic', index, 'name']);
  const written = new Set(entries.map(({ name }) => name));
  // A lone service has its entry's name; several have names made from it.
  for (const { service, path } of services)
    if (!written.has(service.name)) claim(service.name, [...path, 'name']);
};
