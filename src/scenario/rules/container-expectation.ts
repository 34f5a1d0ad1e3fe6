import type { Expectation as Written } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';

/** What is expected of a container is of one that there is, and can be. */
export function checkContainer(context: Context, written: Written, path: Path): void {
  const { container: name = '', state, exitCode } = written;
  const at = [...path, 'container'];
  const kind = context.nodes.get(name)?.kind;
  if (kind === 'host')
    context.report('S110', at, `"${name}" is a host, not a container`, {
      help: 'A host has no program of its own that could end: expect something of a flow',
    });
  else if (context.off.nodes.has(name))
    context.report('S110', at, `The container "${name}" is switched off by its "when"`, {
      help: 'Give this expectation the same "when"',
    });
  else if (!context.written.nodes.has(name))
    context.report('S110', at, `There is no container "${name}"`, {
      help:
        context.suggest(name, Object.keys(context.scenario.containers ?? {})) ??
        'Declare it under "containers"',
    });
  if (state === 'running' && exitCode !== undefined)
    context.report('S114', [...path, 'exitCode'], 'A container that runs has no exit code', {
      key: true,
      help: 'Remove "exitCode", or write "state: exited"',
    });
}
