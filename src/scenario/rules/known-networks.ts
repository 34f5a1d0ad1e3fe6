import type { Rule } from './rule.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';

/** Every network that the file speaks of is one that it declares, and overrides are of networks that the host is on. */
export const knownNetworks: Rule = (context, { lab }) => {
  const { scenario } = context;
  for (const [index, { out }] of (scenario.nat ?? []).entries())
    checkNetwork(context, out, ['nat', index, 'out'], false);
  for (const [index, entry] of (scenario.captures ?? []).entries())
    if (
      typeof entry !== 'string' &&
      entry.network !== undefined &&
      scenario.tunnels?.[entry.network] === undefined
    )
      checkNetwork(context, entry.network, ['captures', index, 'network'], false);
  for (const { name, kind, path: at, interfaces } of context.nodes.values())
    for (const network of interfaces.keys()) {
      const path = [...at, 'interfaces', network];
      if (!checkNetwork(context, network, path, true)) continue;
      const isOn = lab.topology.nodes.get(name)?.members.some((side) => side.network === network);
      if (isOn !== true && lab.topology.networks.has(network) && !context.partial)
        context.report('S071', path, `The ${kind} "${name}" is not on the network "${network}"`, {
          key: true,
          help: `Add it to the members of "${network}"`,
        });
    }
};

function checkNetwork(context: Context, name: string, path: Path, key: boolean): boolean {
  if (context.written.networks.has(name)) return true;
  context.report('S060', path, `There is no network "${name}"`, {
    key,
    help: context.suggest(name, context.written.networks) ?? 'Declare it under "networks"',
  });
  return false;
}
