import type { Context } from '../context.ts';
import { cycleText, findCycles } from '../cycles.ts';
import type { ResolvedContainer } from '../resolve/container/spec.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Containers wait for containers that there are, that can do what is waited for, and that do not wait for them. */
export const dependencies: Rule = (context, { containers }) => {
  for (const container of containers.values()) {
    for (const { name, path } of written(container)) checkName(context, name, path);
    checkHealth(context, container, containers);
  }
  const next = (name: string): readonly string[] =>
    (containers.get(name)?.spec.dependsOn ?? []).map((item) => item.container);
  for (const cycle of findCycles(containers.keys(), next)) {
    const [name = ''] = cycle;
    context.report(
      'S126',
      ['containers', name, 'dependsOn'],
      `The container "${name}" waits for itself: ${cycleText(cycle, ' after ')}`,
    );
  }
};

function written({
  path,
  written: { dependsOn = [] },
}: ResolvedContainer): readonly { readonly name: string; readonly path: Path }[] {
  const at = [...path, 'dependsOn'];
  return Array.isArray(dependsOn)
    ? dependsOn.map((name, index) => ({ name, path: [...at, index] }))
    : Object.keys(dependsOn).map((name) => ({ name, path: [...at, name] }));
}

function checkName(context: Context, name: string, path: Path): void {
  if (context.nodes.get(name)?.kind === 'host')
    context.report('S125', path, `"${name}" is a host: hosts are there before any container`, {
      key: true,
      help: 'Remove it',
    });
  else if (!context.written.nodes.has(name)) {
    const known = [...context.written.nodes].flatMap(([node, kind]) =>
      kind === 'container' ? [node] : [],
    );
    context.report('S125', path, `There is no container "${name}"`, {
      key: true,
      help: context.suggest(name, known) ?? 'Declare it under "containers"',
    });
  }
}

function checkHealth(
  context: Context,
  { path, spec }: ResolvedContainer,
  containers: ReadonlyMap<string, ResolvedContainer>,
): void {
  for (const { container, condition } of spec.dependsOn)
    if (condition === 'healthy' && containers.get(container)?.spec.healthcheck === 'none')
      context.report(
        'S127',
        [...path, 'dependsOn', container],
        `The container "${container}" has no health check and never becomes healthy`,
        { help: `Wait for "started", or give "${container}" a "healthcheck"` },
      );
}
