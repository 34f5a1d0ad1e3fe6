import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** What has a tunnel migrate, or go another way, names one that is over others, and one of these. */
export const tunnelControls: Rule = (context, { tunnels, bundles }) => {
  const all = [...tunnels.map(({ tunnel }) => tunnel), ...bundles.map(({ bundle }) => bundle)];
  const byName = new Map(all.map((one) => [one.name, one]));
  for (const [index, { tunnel: name, over, enabled }] of (
    context.scenario.traffic ?? []
  ).entries()) {
    if (name === undefined) continue;
    const path = ['traffic', index];
    const tunnel = byName.get(name);
    if (tunnel === undefined) {
      reportUnknownTunnel(context, name, [...path, 'tunnel'], 'S191');
      continue;
    }
    if (over === undefined && enabled === undefined && !context.partial)
      context.report('S194', path, `Nothing is said to become of the tunnel "${name}"`, {
        help: 'Write "enabled: false", "enabled: true", or "over" with another way',
      });
    if (over !== undefined && enabled !== undefined)
      context.report('S048', [...path, 'over'], 'Expected one of "enabled" and "over"', {
        key: true,
        help: 'Write an entry for each',
      });
    if (over !== undefined && !tunnel.over.includes(over) && !context.partial)
      context.report('S191', [...path, 'over'], `The tunnel "${name}" does not go over "${over}"`, {
        help:
          context.suggest(over, tunnel.over) ??
          (tunnel.over.length === 0
            ? 'It goes over no other'
            : `It goes over: ${tunnel.over.join(', ')}`),
      });
    if (over === undefined && (tunnel.migration?.policy ?? 'none') === 'none')
      context.report('S194', [...path, 'tunnel'], `The tunnel "${name}" never migrates`, {
        help: 'Give it "migrate" with a policy, or write "over" here',
      });
  }
};

/** Tunnels that could not be resolved have been reported. */
export function reportUnknownTunnel(
  context: Context,
  name: string,
  path: Path,
  code: string,
): void {
  const written = context.scenario.tunnels ?? {};
  if (context.partial || written[name] !== undefined) return;
  const names = Object.keys(written);
  context.report(code, path, `There is no tunnel "${name}"`, {
    help:
      context.suggest(name, names) ??
      (names.length === 0 ? 'Add "tunnels"' : `There are: ${names.join(', ')}`),
  });
}
