import type { Context } from '../context.ts';
import type { ResolvedProxy } from '../resolve/relay/proxies.ts';
import type { Lab } from '../resolve/lab.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** A relay is where it can listen and divert, and its rules and faults have names of their own. */
export const proxies: Rule = (context, { proxies: all, lab }) => {
  for (const item of all) {
    const { proxy, path } = item;
    checkPlace(context, item, lab);
    const relay = context.scenario.proxies?.[proxy.name]?.relay;
    for (const key of ['rules', 'faults'] as const)
      checkNames(context, relay?.[key] ?? [], proxy.relay[key], [...path, 'relay', key]);
  }
};

function checkPlace(context: Context, { proxy, path }: ResolvedProxy, lab: Lab): void {
  const node = lab.topology.nodes.get(proxy.on);
  if (node === undefined || context.partial) return;
  const isInLab = node.stack !== 'engine' && node.bridge === undefined;
  if (!isInLab && proxy.relay.listen.kind !== 'unix')
    context.report('S180', [...path, 'on'], `The ${node.kind} "${node.name}" has no addresses`, {
      help: 'Put the relay on a host of a network',
    });
  else if (proxy.divert.length > 0 && !node.forwarding)
    context.report(
      'S180',
      [...path, 'on'],
      `Nothing passes through "${node.name}" that could be diverted: it does not forward`,
      { help: 'Put the relay on a host between two networks, or name its "target"' },
    );
}

/** What has no name is called after its place. */
function checkNames(
  context: Context,
  written: readonly { readonly name?: string }[],
  resolved: readonly { readonly name: string }[],
  path: Path,
): void {
  const names = new Map<string, Path>();
  const what = path.at(-1) === 'rules' ? 'rule' : 'fault';
  const all = written.length === resolved.length ? resolved : written;
  for (const [index, { name }] of all.entries()) {
    const first = name === undefined ? undefined : names.get(name);
    if (name === undefined) continue;
    if (first === undefined) names.set(name, [...path, index]);
    else
      context.report('S084', [...path, index], `Two ${what}s have the name "${name}"`, {
        related: [{ message: 'The other one', span: context.spanOf(first) }],
        help: `Give the ${what} a "name" of its own`,
      });
  }
}
