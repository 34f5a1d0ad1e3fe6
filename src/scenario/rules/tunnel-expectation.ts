import type { Expectation } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Resolved } from '../resolve/scenario.ts';
import type { Path } from '../source/tree.ts';
import { reportUnknownTunnel } from './tunnel-controls.ts';

/** What only a tunnel has that is over others. */
const OF_NESTED = [
  ...(['minShare', 'maxShare', 'shareWithin', 'silences', 'switches', 'switchTime'] as const),
];

/** An expectation of a tunnel names one that there is, and what it has. */
export function checkTunnel(
  context: Context,
  written: Expectation,
  { tunnels, bundles }: Pick<Resolved, 'tunnels' | 'bundles'>,
  path: Path,
): void {
  const { tunnel: name, minShare = 0, maxShare = 1 } = written;
  if (name === undefined) return;
  const found =
    tunnels.find(({ tunnel }) => tunnel.name === name)?.tunnel ??
    bundles.find(({ bundle }) => bundle.name === name)?.bundle;
  if (found === undefined) {
    reportUnknownTunnel(context, name, [...path, 'tunnel'], 'S110');
    return;
  }
  if (found.over.length === 0) {
    for (const key of OF_NESTED)
      if (written[key] !== undefined)
        context.report('S114', [...path, key], `The tunnel "${name}" goes over no other`, {
          key: true,
          help: `Remove "${key}", or give the tunnel an "over"`,
        });
    return;
  }
  if (written.shareWithin !== undefined && found.migration?.policy === 'trace')
    context.report('S114', [...path, 'shareWithin'], 'A trace says when, and no shares', {
      key: true,
      help: 'Write "minShare" and "maxShare"',
    });
  const even = 1 / found.over.length;
  if (minShare > even)
    context.report(
      'S114',
      [...path, 'minShare'],
      `Of ${found.over.length} tunnels, not each can carry ${minShare} of all`,
      { help: `Write at most ${Number(even.toFixed(3))}` },
    );
  if (maxShare < even)
    context.report(
      'S114',
      [...path, 'maxShare'],
      `Of ${found.over.length} tunnels, one carries more than ${maxShare} of all`,
      { help: `Write at least ${Number((even + 0.0005).toFixed(3))}` },
    );
}
