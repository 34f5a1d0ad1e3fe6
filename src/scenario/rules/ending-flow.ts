import type { Context } from '../context.ts';
import type { ResolvedFlow } from '../resolve/flows.ts';
import type { Path } from '../source/tree.ts';

/** What comes after a flow comes after one that there is, and that ends. */
export function checkEndingFlow(
  context: Context,
  name: string,
  path: Path,
  flows: ReadonlyMap<string, ResolvedFlow>,
): void {
  const found = flows.get(name);
  if (found === undefined) reportUnknown(context, name, path);
  else if (found.flow.probe.kind === 'run' && found.flow.probe.background)
    context.report('S091', path, `The flow "${name}" runs in the background and ends last of all`, {
      help: 'It starts together with the services: write "at: 1s", so that it has begun to listen, or probe it with "repeat" until it answers',
    });
}

function reportUnknown(context: Context, name: string, path: Path): void {
  if (context.off.flows.has(name))
    context.report('S091', path, `The flow "${name}" is switched off by its "when"`, {
      help: 'Give this part the same "when"',
    });
  else if (
    context.scenario.traffic?.some((entry) => entry.name === name && entry.serve !== undefined)
  )
    context.report('S091', path, `"${name}" is a service: it is there before the first flow`, {
      help: 'Remove it',
    });
  else if (!context.written.flows.has(name))
    context.report('S091', path, `There is no flow "${name}"`, {
      help: context.suggest(name, context.written.flows),
    });
}
